-- The step that says what the rules compare of what a child missed: one row is a child at the institution where it was
-- last, on a list or with absences in the school year. Null where its institution has sent nothing to count from.
amounts as (
    select
        seen.month,
        seen.school,
        seen.pupil,
        seen.unit,
        seen.is_listed,
        listed_units.school is not null as has_list,
        -- Nothing is zero only of those who are there: on a list, or in the files of a school that sends no list.
        seen.is_listed or (listed_units.school is null and seen.is_missing) as is_here,
        coalesce(seen.month_unexcused, if(is_here and sent_by_school.has_month, 0, null))::double as month_unexcused,
        case
            when sent_by_school.has_month then coalesce(seen.term_unexcused, if(is_here, 0, null))
        end::double as term_unexcused,
        coalesce(seen.year_unexcused, if(is_here and sent_by_school.school is not null, 0, null))::double
            as year_unexcused,
        case
            when not coalesce(sent_by_school.has_month and sent_by_school.has_month_1 and sent_by_school.has_month_2, false)
                then null
            when
                coalesce(seen.month_2_unexcused, 0) < coalesce(seen.month_1_unexcused, 0)
                and coalesce(seen.month_1_unexcused, 0) < coalesce(seen.month_unexcused, 0)
                then seen.month_unexcused - coalesce(seen.month_2_unexcused, 0)
            when seen.month_unexcused is not null or is_here then 0
        end::double as rise,
        case
            when not coalesce(sent_by_school.has_month and sent_by_school.months_before >= 2, false) then null
            when
                seen.month_unexcused
                >= 2 * coalesce(seen.before_unexcused, 0)::double / sent_by_school.months_before
                then seen.month_unexcused::double
                - coalesce(seen.before_unexcused, 0)::double / sent_by_school.months_before
            when seen.month_unexcused is not null or is_here then 0
        end::double as jump
    from seen
    left join sent_by_school on sent_by_school.month = seen.month and sent_by_school.school = seen.school
    left join listed_units
        on listed_units.month = seen.month and listed_units.school = seen.school and listed_units.unit = seen.unit
)
