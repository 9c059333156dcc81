-- One row is a subject of a term or an external exam: a school's average beside the oblast's. Marks come by pupil or
-- by class, so averages are weighted by who was examined.
with live as (
    select slice_id
    from live_slices('results', $known_at)
    where period <= $newest_year
),
marks as (
    select
        results.school,
        results.school_year,
        results.exam,
        results.subject,
        results.average::double as average,
        results.maximum,
        case when results.pupil is not null then 1 else coalesce(results.examined, results.pupils) end as examined
    from results
    join live on live.slice_id = results.slice_id
    where results.average is not null
)
select
    school_year,
    exam,
    subject,
    coalesce(sum(examined) filter (school = $school), 0)::integer as examined,
    sum(average * examined) filter (school = $school) / sum(examined) filter (school = $school) as average,
    sum(average * examined) / sum(examined) as oblast,
    case
        when count(maximum) = count(*) and min(maximum) = max(maximum) then max(maximum)
    end as maximum
from marks
where examined > 0
group by school_year, exam, subject
having count(*) filter (school = $school) > 0
order by school_year desc, exam desc, subject
