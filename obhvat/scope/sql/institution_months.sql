-- One row is an institution's month: one of the months asked for, in which it was open.
select
    institutions.code as school,
    institutions.municipality,
    institutions.level,
    asked.month
from institutions
join (select unnest($months::date[]) as month) as asked
    on coalesce(institutions.opened_on < asked.month + interval 1 month, true)
    and coalesce(institutions.closed_on > asked.month, true)
