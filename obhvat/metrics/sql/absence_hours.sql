-- One row is an institution's month: its absences, of how many pupils on its list at the end of the period.
with live as (
    select school, period as month, slice_id
    from live_slices('absences', $known_at)
    where period between $first_month and $last_month
),
by_pupil as (
    select
        live.school,
        live.month,
        -- A file of the АСП does not say which absences are excused: its school has no such figure.
        case
            when not $excused then coalesce(sum(absence_classes.unexcused), 0)
            when count(absence_classes.excused) = count(absence_classes.slice_id)
                then coalesce(sum(absence_classes.excused), 0)
        end as n
    from live
    left join absence_classes
        on absence_classes.slice_id = live.slice_id
        and absence_classes.month = live.month
        and absence_classes.unit = $unit
    group by live.school, live.month
),
-- Some schools send only their classes' totals; where both are here, the pupils' file counts.
by_class as (
    select
        class_absences.school,
        class_absences.month,
        case
            when not $excused then sum(class_absences.unexcused)
            when count(class_absences.excused) = count(*) then sum(class_absences.excused)
        end as n
    from class_absences
    join live_slices('class_absences', $known_at) as sent on sent.slice_id = class_absences.slice_id
    where
        class_absences.unit = $unit
        and class_absences.month between $first_month and $last_month
        and (class_absences.school, class_absences.month) not in (select school, month from live)
    group by class_absences.school, class_absences.month
),
totals as (
    select school, month, n
    from by_pupil
    union all
    select school, month, n
    from by_class
)
select
    institution_months.municipality,
    institution_months.school,
    totals.n::double as n,
    sizes.pupils::bigint as d,
    totals.n is not null as reports,
    institution_months.month
from institution_months
left join totals on totals.school = institution_months.school and totals.month = institution_months.month
left join listed_children($known_at, $last) as sizes
    on sizes.school = institution_months.school and sizes.unit = $unit
where institution_months.level = if($unit = 'hours', 'school', 'kindergarten')
