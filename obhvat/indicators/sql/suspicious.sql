-- One row is a reason to look into an institution's records: what, how much, and what it is compared with.
with sent as (
    select school, period as month, slice_id
    from live_slices('absences', $known_at)
    where period between $year_first and $month
),
sizes as (
    select school, pupils
    from listed_children($known_at, $last)
    where unit = 'hours'
),
totals as (
    select
        sent.school,
        sent.month,
        coalesce(sum(absence_classes.unexcused), 0)::double as unexcused
    from sent
    left join absence_classes
        on absence_classes.slice_id = sent.slice_id
        and absence_classes.unit = 'hours'
    where sent.school in (select school from sizes)
    group by sent.school, sent.month
),
-- Every month of the year so far without a single unexcused hour.
zeros as (
    select totals.school, 'zeros' as what, count(*)::double as amount, any_value(sizes.pupils)::double as usual, '' as about
    from totals
    join sizes on sizes.school = totals.school
    where sizes.pupils >= $few_pupils
    group by totals.school
    having sum(totals.unexcused) = 0
),
-- The month against the median of the school's own earlier months of the year; September is always low and is left out.
usual as (
    select school, median(unexcused) as unexcused
    from totals
    where month < $month and month(month) <> 9
    group by school
    having count(*) >= 2
),
halved_or_doubled as (
    select
        totals.school,
        case when totals.unexcused >= $double * usual.unexcused then 'doubled' else 'halved' end as what,
        totals.unexcused as amount,
        usual.unexcused as usual,
        '' as about
    from totals
    join usual on usual.school = totals.school
    where
        totals.month = $month
        and month($month::date) <> 9
        and greatest(totals.unexcused, usual.unexcused) >= $few_hours
        and (totals.unexcused >= $double * usual.unexcused or totals.unexcused <= $half * usual.unexcused)
),
-- Classes whose pupils stand twice with the same amounts: in two subgroups, counted twice by the diary.
twice as (
    select absences.school, absences.class_name, absences.pupil, count(*) as copies
    from absences
    join sent on sent.slice_id = absences.slice_id
    where absences.month = $month and absences.excused + absences.unexcused > 0
    group by absences.school, absences.class_name, absences.pupil, absences.excused, absences.unexcused
),
subgroups as (
    select
        school,
        'subgroups' as what,
        (count(*) filter (copies > 1))::double as amount,
        count(*)::double as usual,
        coalesce(class_name, '') as about
    from twice
    group by school, class_name
    having count(*) filter (copies > 1) >= 5 and 2 * count(*) filter (copies > 1) >= count(*)
),
-- Several months submitted on one day: written down from memory, not day by day.
one_day as (
    select
        submissions.school,
        'one_day' as what,
        count(distinct submissions.month)::double as amount,
        null::double as usual,
        strftime(submissions.submitted_on, '%d.%m.%Y') as about
    from submissions
    join live_slices('submissions', $known_at) as live on live.slice_id = submissions.slice_id
    where submissions.submitted and submissions.month between $year_first and $month
    group by submissions.school, submissions.submitted_on
    having count(distinct submissions.month) >= 3 and submissions.submitted_on is not null
)
select * from zeros
union all
select * from halved_or_doubled
union all
select * from subgroups
union all
select * from one_day
order by what, school, about
