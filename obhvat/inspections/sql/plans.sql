-- One row is a school of a week's newest plan, with the name it has in the register now.
with saved as (
    select
        planned_visits.week,
        max(live.entry_id) as entry_id,
        count(distinct live.entry_id) as versions
    from planned_visits
    join live_entries($known_at) as live on live.entry_id = planned_visits.entry_id
    group by planned_visits.week
),
names as (
    select
        schools.code,
        any_value(schools.name) as name,
        any_value(schools.municipality) as municipality,
        any_value(schools.settlement) as settlement
    from schools
    join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
    group by schools.code
)
select
    planned_visits.week,
    planned_visits.place,
    planned_visits.school,
    coalesce(names.name, planned_visits.school) as name,
    coalesce(names.municipality, '') as municipality,
    coalesce(names.settlement, '') as settlement,
    planned_visits.reason,
    planned_visits.added_by_hand,
    saved.entry_id,
    entries.entered_at,
    entries.entered_by,
    saved.versions
from saved
join planned_visits on planned_visits.entry_id = saved.entry_id and planned_visits.week = saved.week
join entries on entries.entry_id = saved.entry_id
left join names on names.code = planned_visits.school
order by planned_visits.week, planned_visits.place
