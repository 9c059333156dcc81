-- One row is a day on which one of some children left an institution, by a file of any time.
select pupil, left_on
from absences
where
    left_on is not null
    and pupil in (select unnest($gone::ubigint[]))
    and slice_id in (select slice_id from live_slices('absences', $known_at))
union
select pupil, left_on
from pupils
where
    left_on is not null
    and pupil in (select unnest($gone::ubigint[]))
    and slice_id in (select slice_id from live_slices('pupils', $known_at))
order by pupil, left_on
