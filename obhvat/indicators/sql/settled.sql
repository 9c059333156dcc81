-- Of whom a query about many months asks. Most children are at one institution the whole year, and what they
-- missed by each month is told by one row (`settled`); of the others one month is asked after another.
missed_at_school as (
    select
        absences.school,
        absences.pupil,
        absences.unit,
        bit_or(1 << sent.nth) as months,
        [
            sum(absences.unexcused) filter (sent.nth = 1),
            sum(absences.unexcused) filter (sent.nth = 2),
            sum(absences.unexcused) filter (sent.nth = 3),
            sum(absences.unexcused) filter (sent.nth = 4),
            sum(absences.unexcused) filter (sent.nth = 5),
            sum(absences.unexcused) filter (sent.nth = 6),
            sum(absences.unexcused) filter (sent.nth = 7),
            sum(absences.unexcused) filter (sent.nth = 8),
            sum(absences.unexcused) filter (sent.nth = 9),
            sum(absences.unexcused) filter (sent.nth = 10),
            sum(absences.unexcused) filter (sent.nth = 11),
            sum(absences.unexcused) filter (sent.nth = 12)
        ]::decimal(18, 1)[] as unexcused
    from absences
    join sent on sent.slice_id = absences.slice_id
    group by absences.school, absences.pupil, absences.unit
),
-- The same from September to each month.
missed_until as (
    select *, list_transform(range(1, 13), lambda nth: list_sum(unexcused[1:nth])::decimal(18, 1)) as until
    from missed_at_school
),
months_of_lists as (
    select slice_id, bit_or(1 << nth) as months
    from lists
    where place is not null
    group by slice_id
),
listed_at_school as (
    select
        pupils.school,
        pupils.pupil,
        case when pupils.grade < 1 then 'days' else 'hours' end as unit,
        bit_or(lists.months) as months
    from pupils
    join months_of_lists as lists on lists.slice_id = pupils.slice_id
    group by pupils.school, pupils.pupil, unit
),
moving as (
    select pupil
    from (
        select pupil, school, unit from missed_at_school
        union all
        select pupil, school, unit from listed_at_school
    )
    group by pupil
    having min(school) < max(school) or min(unit) < max(unit)
),
missed_rows as (select * from absences where pupil in (select pupil from moving)),
listed_rows as (select * from pupils where pupil in (select pupil from moving)),
settled as (
    select
        asked.month,
        coalesce(missed.school, listed.school) as school,
        coalesce(missed.pupil, listed.pupil) as pupil,
        coalesce(missed.unit, listed.unit) as unit,
        coalesce(listed.months & (1 << asked.nth) > 0, false) as is_listed,
        coalesce(missed.months & ((2 << asked.nth) - 1) > 0, false) as is_missing,
        missed.unexcused[asked.nth] as month_unexcused,
        if(asked.nth > 1, missed.unexcused[asked.nth - 1], null) as month_1_unexcused,
        if(asked.nth > 2, missed.unexcused[asked.nth - 2], null) as month_2_unexcused,
        if(asked.nth > 1, missed.until[asked.nth - 1], null) as before_unexcused,
        if(
            missed.months & ((2 << asked.nth) - (1 << asked.term_nth)) > 0,
            missed.until[asked.nth] - if(asked.term_nth > 1, coalesce(missed.until[asked.term_nth - 1], 0), 0),
            null
        ) as term_unexcused,
        missed.until[asked.nth] as year_unexcused
    from missed_until as missed
    full join listed_at_school as listed
        on listed.school = missed.school and listed.pupil = missed.pupil and listed.unit = missed.unit
    cross join asked
    where
        (is_listed or is_missing)
        and coalesce(missed.pupil, listed.pupil) not in (select pupil from moving)
)
