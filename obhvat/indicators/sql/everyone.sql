-- Of whom a query asks, one month after another: of every child.
missed_rows as (select * from absences),
listed_rows as (select * from pupils),
settled as (select null::ubigint as pupil where false)
