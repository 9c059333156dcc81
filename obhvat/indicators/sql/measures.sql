-- One row is a child, at the institution where it was last: on a list, or with absences in the school year. Reads what it
-- missed by the one month that is asked (missed.sql, amounts.sql), and nothing of absences and lists of later days: what is
-- kept of a month stays while those come.
-- The list each institution had before its newest one, of this school year or the one before.
with lists_before as (
    select before.school, max(before.period) as period, arg_max(before.slice_id, before.period) as slice_id
    from live_slices('pupils', $known_at) as before
    join lists on lists.school = before.school and before.period < lists.period
    where before.period >= $lists_from
    group by before.school
),
-- Of who is on none of the newest lists: what files of any time tell (signed_off.sql).
signed_off as (
    select unnest($signed_off::ubigint[]) as pupil, unnest($signed_off_on::date[]) as left_on
),
vanished as (
    select
        pupils.school,
        pupils.pupil,
        case when pupils.grade < 1 then 'days' else 'hours' end as unit,
        pupils.grade,
        pupils.class_name,
        pupils.slice_id as list_slice,
        pupils.line as list_line,
        lists_before.period as list_before,
        lists.period as list_now
    from pupils
    join lists_before on lists_before.slice_id = pupils.slice_id
    join lists on lists.school = pupils.school
    where
        -- Whoever finished XII grade in the year before is gone for good.
        (pupils.grade < 12 or lists_before.period >= $year_first)
        and pupils.pupil not in (select pupil from on_lists)
        and pupils.left_on is null
        -- Signing off before that list was of another school or another time.
        and not exists (
            select 1
            from signed_off
            where signed_off.pupil = pupils.pupil and signed_off.left_on >= lists_before.period
        )
        -- Absences at another school after that list: the child is there, whatever lists it has sent.
        and not exists (
            select 1
            from missed_at
            where
                missed_at.pupil = pupils.pupil
                and missed_at.school <> pupils.school
                and missed_at.last_month > lists_before.period
        )
    qualify row_number() over (partition by pupils.pupil order by lists_before.period desc, pupils.school desc) = 1
),
-- The last lists of the school year before: who was in VII grade.
last_year as (
    select school, arg_max(slice_id, period) as slice_id, max(period) as period
    from live_slices('pupils', $known_at)
    where period between $year_before_first and $year_first - 1
    group by school
),
seventh as (
    select
        pupils.school,
        pupils.pupil,
        pupils.class_name,
        pupils.slice_id as list_slice,
        pupils.line as list_line
    from pupils
    join last_year on last_year.slice_id = pupils.slice_id
    where
        pupils.grade = 7
        and exists (select 1 from lists)
        -- Who was on a list of VIII grade and left it later has gone on.
        and pupils.pupil not in (
            select later.pupil
            from pupils as later
            join live_slices('pupils', $known_at) as live on live.slice_id = later.slice_id
            where live.period between $year_first and $last and later.grade >= 7
        )
    qualify row_number() over (partition by pupils.pupil order by last_year.period desc, pupils.school desc) = 1
),
children as (
    select school, pupil, unit
    from (
        select school, pupil, unit, 1 as sureness from last_at
        union all
        select school, pupil, unit, 2 from vanished
        union all
        select school, pupil, 'hours', 3 from seventh
    )
    qualify row_number() over (partition by pupil, unit order by sureness) = 1
),
subjects as (
    select
        subject_absences.pupil,
        max(coalesce(share, 100 * absent / nullif(taught, 0)))::double as subject_share,
        arg_max(subject, coalesce(share, 100 * absent / nullif(taught, 0))) as subject
    from subject_absences
    join live_slices('subject_absences', $known_at) as live on live.slice_id = subject_absences.slice_id
    where
        live.period = $year_first
        and 2 * subject_absences.school_year + if(subject_absences.term = 'term1', 0, 1) <= $newest_term
    group by subject_absences.pupil
),
marks as (
    select
        results.pupil,
        2 * results.school_year + case when results.exam = 'term2' then 1 else 0 end as term,
        -- A sum of doubles may miss a threshold by its last bit.
        avg(results.average::decimal(18, 6))::double as average,
        count(*) filter (results.average < 3 or results.marks_2 > 0) as failing
    from results
    join live_slices('results', $known_at) as live on live.slice_id = results.slice_id
    where
        results.pupil is not null
        and results.exam in ('term1', 'term2')
        and results.school_year between $start_year - 1 and $start_year
        and 2 * results.school_year + case when results.exam = 'term2' then 1 else 0 end <= $newest_term
    group by results.pupil, term
),
newest_marks as (
    select
        pupil,
        arg_max(average, term) as average,
        arg_max(failing, term) as failing_subjects,
        -- Only between terms that follow one another.
        max(average) filter (term = $newest_term - 1) - max(average) filter (term = $newest_term) as average_fall
    from marks
    where term >= $newest_term - 1
    group by pupil
),
-- Children with absences at several institutions in the year: how much in how many months before the newest one. Who
-- moves in the middle of a month has absences at both in it.
moved as (
    select
        here.pupil,
        here.unit,
        here.year_unexcused as unexcused_here,
        date_diff('month', here.first_month, $month) + 1 as months_here,
        sum(elsewhere.year_unexcused) as unexcused_elsewhere,
        greatest(
            date_diff('month', $year_first, here.first_month),
            max(date_diff('month', $year_first, elsewhere.last_month)) + 1
        ) as months_elsewhere
    from missed_at as here
    join missed_at as elsewhere
        on elsewhere.pupil = here.pupil
        and elsewhere.unit = here.unit
        and elsewhere.school <> here.school
        and elsewhere.first_month < here.first_month
        and elsewhere.last_month <= here.first_month
    where here.pupil in (select pupil from missed_at group by pupil having count(distinct school) > 1)
    group by here.school, here.pupil, here.unit, here.year_unexcused, here.first_month
    qualify row_number() over (partition by here.pupil, here.unit order by here.first_month desc, here.school) = 1
)
select
    children.school,
    children.pupil,
    children.unit,
    listed.pupil is not null as is_listed,
    listed_units.school is not null as has_list,
    coalesce(listed.grade, here.grade, vanished.grade, 7)::integer as grade,
    coalesce(
        if(listed.school = children.school, listed.class_name, null),
        here.class_name,
        vanished.class_name,
        seventh.class_name,
        ''
    ) as class_name,
    -- Who has absences from before it was enrolled here was elsewhere then, and could miss lessons there.
    if(missed.first_month < date_trunc('month', listed.enrolled_on), null, listed.enrolled_on) as enrolled_on,
    least(if(listed.school = children.school, listed.left_on, null), here.left_on) as left_on,
    amounts.month_unexcused,
    amounts.term_unexcused,
    amounts.year_unexcused,
    case
        when missed.pupil is not null then missed.year_unexcused + missed.year_excused
        when amounts.is_here and sent_by_school.school is not null then 0
    end::double as absent,
    amounts.rise,
    amounts.jump,
    case
        when
            moved.unexcused_here::double / moved.months_here
            > moved.unexcused_elsewhere::double / moved.months_elsewhere
            then moved.unexcused_here
    end::double as after_move,
    sent_by_school.months_sent,
    subjects.subject_share,
    subjects.subject,
    newest_marks.failing_subjects::double as failing_subjects,
    newest_marks.average,
    newest_marks.average_fall,
    listed.repeater::integer::double as repeats,
    listed.years_over::double as years_over,
    case when vanished.pupil is not null then 1 end::double as vanished,
    vanished.list_before,
    vanished.list_now,
    case when seventh.pupil is not null then 1 end::double as not_in_viii,
    missed.month_slice,
    missed.month_line,
    coalesce(listed.list_slice, vanished.list_slice, seventh.list_slice) as list_slice,
    coalesce(listed.list_line, vanished.list_line, seventh.list_line) as list_line
from children
left join listed on listed.pupil = children.pupil and listed.unit = children.unit
left join missed on missed.pupil = children.pupil and missed.unit = children.unit
left join missed_at as here
    on here.school = children.school and here.pupil = children.pupil and here.unit = children.unit
left join amounts on amounts.pupil = children.pupil and amounts.unit = children.unit
left join sent_by_school on sent_by_school.school = children.school
left join listed_units on listed_units.school = children.school and listed_units.unit = children.unit
left join vanished on vanished.pupil = children.pupil and vanished.unit = children.unit
left join seventh on seventh.pupil = children.pupil and children.unit = 'hours'
left join moved on moved.pupil = children.pupil and moved.unit = children.unit
left join subjects on subjects.pupil = children.pupil
left join newest_marks on newest_marks.pupil = children.pupil
