-- Steps that tell what each child missed by each of the months that are asked, where it was last: `seen`. Amounts are of
-- all its institutions, in the row's unit, hours or days; null where it has no row. `is_missing`: it has one by then at
-- that institution.
missed_at as (
    select
        asked.month,
        absences.school,
        absences.pupil,
        absences.unit,
        arg_max(absences.grade, absences.month) as grade,
        arg_max(absences.class_name, absences.month) as class_name,
        min(absences.month) as first_month,
        max(absences.month) as last_month,
        max(absences.left_on) as left_on,
        sum(absences.unexcused) filter (absences.month = asked.month) as month_unexcused,
        sum(absences.unexcused) filter (absences.month = asked.month_1) as month_1_unexcused,
        sum(absences.unexcused) filter (absences.month = asked.month_2) as month_2_unexcused,
        sum(absences.unexcused) filter (absences.month < asked.month) as before_unexcused,
        sum(absences.unexcused) filter (absences.month >= asked.term_first) as term_unexcused,
        sum(absences.unexcused) as year_unexcused,
        case when count(absences.excused) = count(*) then sum(absences.excused) end as year_excused,
        max(absences.slice_id) filter (absences.month = asked.month) as month_slice,
        min(absences.line) filter (absences.month = asked.month) as month_line
    from missed_rows as absences
    join sent on sent.slice_id = absences.slice_id
    join asked on asked.month >= sent.month
    group by asked.month, absences.school, absences.pupil, absences.unit
),
missed as (
    select
        month,
        pupil,
        unit,
        min(first_month) as first_month,
        sum(month_unexcused) as month_unexcused,
        sum(month_1_unexcused) as month_1_unexcused,
        sum(month_2_unexcused) as month_2_unexcused,
        sum(before_unexcused) as before_unexcused,
        sum(term_unexcused) as term_unexcused,
        sum(year_unexcused) as year_unexcused,
        case when count(year_excused) = count(*) then sum(year_excused) end as year_excused,
        arg_max(month_slice, school) filter (month_slice is not null) as month_slice,
        arg_max(month_line, school) filter (month_slice is not null) as month_line,
        max(school) filter (month_slice is not null) as month_school,
        arg_max(school, (last_month, school)) as last_school
    from missed_at
    group by month, pupil, unit
),
on_lists as (
    select
        lists.month,
        pupils.school,
        pupils.pupil,
        case when pupils.grade < 1 then 'days' else 'hours' end as unit,
        pupils.grade,
        pupils.class_name,
        pupils.repeater,
        -- Who enters I grade turns seven in that calendar year.
        case
            when pupils.grade >= 1
                then pupils.age - pupils.grade - case when month(lists.period) >= 9 then 6 else 7 end
        end as years_over,
        pupils.enrolled_on,
        pupils.left_on,
        pupils.slice_id as list_slice,
        pupils.line as list_line,
        lists.place
    from listed_rows as pupils
    join lists on lists.slice_id = pupils.slice_id
),
listed as (
    select *
    from on_lists
    where place is not null
    qualify row_number() over (partition by month, pupil order by place desc) = 1
),
-- Where each child was last: on whose newest list it is, if that has sent the month; else the one of the higher code.
last_at as (
    select
        coalesce(listed.month, missed.month) as month,
        coalesce(listed.pupil, missed.pupil) as pupil,
        coalesce(listed.unit, missed.unit) as unit,
        case
            when missed.month_school is null or coalesce(sent_by_school.has_month, false)
                then coalesce(listed.school, missed.month_school, missed.last_school)
            else missed.month_school
        end as school
    from listed
    full join missed on missed.month = listed.month and missed.pupil = listed.pupil and missed.unit = listed.unit
    left join sent_by_school on sent_by_school.month = listed.month and sent_by_school.school = listed.school
),
seen as (
    select
        last_at.month,
        last_at.school,
        last_at.pupil,
        last_at.unit,
        listed.pupil is not null as is_listed,
        here.pupil is not null as is_missing,
        missed.month_unexcused::decimal(18, 1) as month_unexcused,
        missed.month_1_unexcused::decimal(18, 1) as month_1_unexcused,
        missed.month_2_unexcused::decimal(18, 1) as month_2_unexcused,
        missed.before_unexcused::decimal(18, 1) as before_unexcused,
        missed.term_unexcused::decimal(18, 1) as term_unexcused,
        missed.year_unexcused::decimal(18, 1) as year_unexcused
    from last_at
    left join listed
        on listed.month = last_at.month and listed.pupil = last_at.pupil and listed.unit = last_at.unit
    left join missed
        on missed.month = last_at.month and missed.pupil = last_at.pupil and missed.unit = last_at.unit
    left join missed_at as here
        on here.month = last_at.month
        and here.school = last_at.school
        and here.pupil = last_at.pupil
        and here.unit = last_at.unit
    union all by name
    select * from settled
)
