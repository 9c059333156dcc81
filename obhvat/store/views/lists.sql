-- From when on lists are of the school year of a day: the year turns on 15 September, its lists are of the whole month.
create macro lists_since(on_day) as make_date(year(on_day - interval 8 month - interval 14 day), 9, 1);

-- One row is the list of an institution in force on one of some days: its newest of the school year up to then, unless
-- it is closed by then. `place` tells which list is the newer of two; of the same date that of the higher code, so that
-- the order in which files came changes nothing.
create macro lists_in_force(known_at, days) as table
    select
        asked.day,
        live.school,
        max(live.period) as as_of,
        arg_max(live.slice_id, live.period) as slice_id,
        row_number() over (
            partition by asked.day
            order by max(live.period), live.school
        ) as place
    from live_slices('pupils', known_at) as live
    join (select unnest(days) as day) as asked on live.period between lists_since(asked.day) and asked.day
    left join (
        select schools.code, coalesce(schools.closed_on, '-infinity') as day
        from schools
        join live_slices('schools', known_at) as register on register.slice_id = schools.slice_id
        where schools.closed_on is not null or not schools.active
    ) as closed on closed.code = live.school
    where coalesce(closed.day > asked.day, true)
    group by asked.day, live.school;

-- One row is a child on a day, once: on the newest of the lists in force that it is on.
create macro listed_pupils(known_at, on_day) as table
    with lists as (
        select school, slice_id, place
        from lists_in_force(known_at, [on_day])
    ),
    -- One number says both which list and what its absences are counted in.
    newest as (
        select pupils.pupil, max(2 * lists.place + coalesce((pupils.grade < 1)::integer, 0)) as place_and_unit
        from pupils
        join lists on lists.slice_id = pupils.slice_id
        group by pupils.pupil
    )
    select
        lists.school,
        lists.slice_id,
        if(newest.place_and_unit % 2 = 1, 'days', 'hours') as unit,
        newest.pupil
    from newest
    join lists on lists.place = newest.place_and_unit // 2;

-- One row is an institution with a list of the school year up to a day and what its children's absences are counted in: how many children
-- it has on the day, each counted once in the oblast. None where it is closed or all are on newer lists of others.
create macro listed_children(known_at, on_day) as table
    select
        list_sizes.school,
        list_sizes.unit,
        coalesce(any_value(counted.pupils), 0) as pupils
    from list_sizes
    join live_registers('pupils', known_at, on_day) as live
        on live.slice_id = list_sizes.slice_id and live.period >= lists_since(on_day)
    left join (
        select slice_id, unit, count(*) as pupils
        from listed_pupils(known_at, on_day)
        group by slice_id, unit
    ) as counted on counted.slice_id = list_sizes.slice_id and counted.unit = list_sizes.unit
    group by list_sizes.school, list_sizes.unit;
