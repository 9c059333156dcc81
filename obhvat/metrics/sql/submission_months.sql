-- One row is an institution's month: how its absences stand, and of how many rows.
with files as (
    select
        live.school,
        live.period as month,
        live.slice_id,
        slices.n_rows,
        list_contains(batches.doubt_codes, 'doubled') as doubled
    from live_slices('absences', $known_at) as live
    join slices on slices.slice_id = live.slice_id
    join batches on batches.batch_id = slices.batch_id
    where live.period between $first_month and $last_month
),
unexcused as (
    select absence_classes.slice_id, sum(absence_classes.unexcused) as total
    from absence_classes
    where absence_classes.slice_id in (select slice_id from files)
    group by absence_classes.slice_id
),
class_files as (
    select school, period as month
    from live_slices('class_absences', $known_at)
    where period between $first_month and $last_month
    group by school, period
),
campaigns as (
    select submissions.school, submissions.month, submissions.submitted, submissions.signed, submissions.no_absences
    from submissions
    join live_slices('submissions', $known_at) as live on live.slice_id = submissions.slice_id
    where submissions.month between $first_month and $last_month
),
sizes as (
    select school, sum(pupils) as pupils
    from listed_children($known_at, $last)
    group by school
),
known_months as (
    select month from files
    union
    select month from class_files
    union
    select month from campaigns
)
select
    institution_months.municipality,
    institution_months.school,
    institutions.name,
    institutions.settlement,
    institution_months.level,
    institution_months.month,
    case
        when files.doubled then 'doubled'
        when
            files.slice_id is not null
            and institution_months.level = 'school'
            and coalesce(unexcused.total, 0) = 0
            and coalesce(sizes.pupils, $large) >= $large
            then 'zeros'
        when files.n_rows = 0 then 'declared'
        when files.slice_id is null and class_files.school is null and campaigns.no_absences then 'declared'
        when (files.slice_id is not null or campaigns.submitted) and not campaigns.signed then 'unsigned'
        when files.slice_id is not null or class_files.school is not null then 'submitted'
        when campaigns.submitted then 'elsewhere'
        when institution_months.month in (select month from known_months) then 'missing'
        else 'ahead'
    end as state
from institution_months
join institutions on institutions.code = institution_months.school
left join files on files.school = institution_months.school and files.month = institution_months.month
left join unexcused on unexcused.slice_id = files.slice_id
left join class_files
    on class_files.school = institution_months.school and class_files.month = institution_months.month
left join campaigns on campaigns.school = institution_months.school and campaigns.month = institution_months.month
left join sizes on sizes.school = institution_months.school
where institution_months.level in ('school', 'kindergarten')
