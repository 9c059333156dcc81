-- One row is an institution's month: whether its absences reached us, as a file or as a campaign marked submitted.
with files as (
    select school, period as month
    from live_slices('absences', $known_at)
    where period between $first_month and $last_month
    union
    select school, period as month
    from live_slices('class_absences', $known_at)
    where period between $first_month and $last_month
),
campaigns as (
    select submissions.school, submissions.month, submissions.submitted
    from submissions
    join live_slices('submissions', $known_at) as live on live.slice_id = submissions.slice_id
    where submissions.month between $first_month and $last_month
),
known_months as (
    select month from files
    union
    select month from campaigns
)
select
    institutions.municipality,
    institutions.code as school,
    months.month,
    (files.school is not null or coalesce(campaigns.submitted, false))::integer as n,
    1 as d,
    true as reports
from institutions
cross join (select unnest($months::date[]) as month) as months
left join files on files.school = institutions.code and files.month = months.month
left join campaigns on campaigns.school = institutions.code and campaigns.month = months.month
where
    institutions.level = $level
    and months.month in (select month from known_months)
    and coalesce(institutions.opened_on < months.month + interval 1 month, true)
    and coalesce(institutions.closed_on > months.month, true)
