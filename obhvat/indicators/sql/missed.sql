-- What a child missed by each of some months of a school year, as named steps for the queries that read it: `asked` to
-- `amounts`, where one row is a child at the institution where it was last, on a list or with absences in the school
-- year. Amounts are of all its institutions, in the row's unit, hours or days; null where its institution has sent
-- nothing to count from.
asked as (
    select
        month,
        (month - interval 1 month)::date as month_1,
        (month - interval 2 month)::date as month_2,
        last_day(month) as last,
        case when month(month) between 2 and 8 then make_date(year(month), 2, 1) else $year_first end as term_first
    from (
        select unnest($months::date[]) as month
    )
),
sent as (
    select school, period as month, slice_id
    from live_slices('absences', $known_at)
    where period between $year_first and (select max(month) from asked)
),
sent_by_school as (
    select
        asked.month,
        sent.school,
        bool_or(sent.month = asked.month) as has_month,
        bool_or(sent.month = asked.month_1) as has_month_1,
        bool_or(sent.month = asked.month_2) as has_month_2,
        count(*) filter (sent.month < asked.month) as months_before,
        string_agg(strftime(sent.month, '%Y-%m'), ' ' order by sent.month) as months_sent
    from sent
    join asked on asked.month >= sent.month
    group by asked.month, sent.school
),
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
        sum(absences.excused) filter (absences.month = asked.month) as month_excused,
        sum(absences.unexcused) filter (absences.month = asked.month_1) as month_1_unexcused,
        sum(absences.unexcused) filter (absences.month = asked.month_2) as month_2_unexcused,
        sum(absences.unexcused) filter (absences.month < asked.month) as before_unexcused,
        sum(absences.unexcused) filter (absences.month >= asked.term_first) as term_unexcused,
        sum(absences.unexcused) as year_unexcused,
        case when count(absences.excused) = count(*) then sum(absences.excused) end as year_excused,
        max(absences.slice_id) filter (absences.month = asked.month) as month_slice,
        min(absences.line) filter (absences.month = asked.month) as month_line
    from absences
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
newest_lists as (
    select
        asked.month,
        asked.last,
        live.school,
        max(live.period) as period,
        arg_max(live.slice_id, live.period) as slice_id
    from live_slices('pupils', $known_at) as live
    join asked on asked.last >= live.period
    group by asked.month, asked.last, live.school, live.municipality
    having max(live.period) >= $year_first
),
lists as (
    select newest_lists.month, newest_lists.school, newest_lists.period, newest_lists.slice_id, in_force.place
    from newest_lists
    left join lists_in_force($known_at, (select list(last) from asked)) as in_force
        on in_force.slice_id = newest_lists.slice_id and in_force.day = newest_lists.last
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
    from pupils
    join lists on lists.slice_id = pupils.slice_id
),
listed as (
    select *
    from on_lists
    where place is not null
    qualify row_number() over (partition by month, pupil order by place desc) = 1
),
listed_units as (
    select distinct month, school, unit from on_lists
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
amounts as (
    select
        last_at.month,
        last_at.school,
        last_at.pupil,
        last_at.unit,
        listed.pupil is not null as is_listed,
        listed_units.school is not null as has_list,
        -- Nothing is zero only of those who are there: on a list, or in the files of a school that sends no list.
        is_listed or (listed_units.school is null and here.pupil is not null) as is_here,
        coalesce(missed.month_unexcused, if(is_here and sent_by_school.has_month, 0, null))::double as month_unexcused,
        case
            when sent_by_school.has_month then coalesce(missed.term_unexcused, if(is_here, 0, null))
        end::double as term_unexcused,
        coalesce(missed.year_unexcused, if(is_here and sent_by_school.school is not null, 0, null))::double
            as year_unexcused,
        case
            when missed.pupil is not null then missed.year_unexcused + missed.year_excused
            when is_here and sent_by_school.school is not null then 0
        end::double as absent,
        case
            when not coalesce(sent_by_school.has_month and sent_by_school.has_month_1 and sent_by_school.has_month_2, false)
                then null
            when
                coalesce(missed.month_2_unexcused, 0) < coalesce(missed.month_1_unexcused, 0)
                and coalesce(missed.month_1_unexcused, 0) < coalesce(missed.month_unexcused, 0)
                then missed.month_unexcused - coalesce(missed.month_2_unexcused, 0)
            when missed.month_unexcused is not null or is_here then 0
        end::double as rise,
        case
            when not coalesce(sent_by_school.has_month and sent_by_school.months_before >= 2, false) then null
            when
                missed.month_unexcused
                >= 2 * coalesce(missed.before_unexcused, 0)::double / sent_by_school.months_before
                then missed.month_unexcused::double
                - coalesce(missed.before_unexcused, 0)::double / sent_by_school.months_before
            when missed.month_unexcused is not null or is_here then 0
        end::double as jump
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
    left join sent_by_school
        on sent_by_school.month = last_at.month and sent_by_school.school = last_at.school
    left join listed_units
        on listed_units.month = last_at.month
        and listed_units.school = last_at.school
        and listed_units.unit = last_at.unit
)
