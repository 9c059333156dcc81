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
    institution_months.municipality,
    institution_months.school,
    (files.school is not null or coalesce(campaigns.submitted, false))::integer as n,
    1 as d,
    true as reports,
    institution_months.month
from institution_months
left join files on files.school = institution_months.school and files.month = institution_months.month
left join campaigns on campaigns.school = institution_months.school and campaigns.month = institution_months.month
where
    institution_months.level = $level
    and institution_months.month in (select month from known_months)
