-- How a cell's text becomes a value. One macro a type; null means empty or unreadable.

-- A cell without blanks around it; odd blanks were made plain ones when the text was read.
create macro clean(cell) as nullif(trim(cell), '');

-- Published tables write missing and suppressed figures as a dash or a letter (domain.md §4.5). A list, as those
-- below: `in` with as many values becomes a join, which takes longer to plan than all the rest.
create macro is_missing(cell) as
    list_contains(['-', '–', '—', 'c', 's', 'с', 'x', 'х', '*', '..', '...'], cell);

-- A number of a case that Excel took for a date or a decimal: 12-1 became 1 December, 12.2 the number twelve and two
-- tenths.
create macro was_changed_by_excel(cell) as
    regexp_full_match(
        cell,
        '[0-9]{1,4}[,.][0-9]{1,2}|[0-9]{4}-[0-9]{2}-[0-9]{2}( .*)?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}( ?г\.?)?'
        || '|([0-9]{1,2}[.-])?(яну|фев|мар|апр|май|юни|юли|авг|сеп|окт|ное|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-zа-я]*[. -][0-9]{2,4}( ?г\.?)?'
        || '|[0-9]{1,2}[.-](яну|фев|мар|апр|май|юни|юли|авг|сеп|окт|ное|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)',
        'i'
    );
-- In the place of a number of pupils or of their mean: nobody sat.
create macro nobody_sat(cell) as
    regexp_full_match(lower(cell), 'не ?(се|са се|се е|се са) ?яв.*|неяв.*|няма|няма явили.*|н\. ?я\.?|н/я');

-- The plain form first: most cells have it, and the others pay for a regular expression. A blank stands between
-- thousands: „7 5“ is two numbers, or one with a note.
create macro to_number(cell) as
    coalesce(
        try_cast(replace(cell, ',', '.') as decimal(38, 18)),
        case
            when regexp_full_match(cell, '-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+')
                then try_cast(replace(replace(cell, '.', ''), ',', '.') as decimal(38, 18))
            when regexp_full_match(cell, '[-+]? ?[0-9]{1,3}( [0-9]{3})*([.,][0-9]+)?')
                then try_cast(replace(replace(cell, ' ', ''), ',', '.') as decimal(38, 18))
        end
    );

-- „1.500“, „1,500“: one and a half, or fifteen hundred.
create macro may_be_thousands(cell) as regexp_full_match(cell, '-?[1-9][0-9]{0,2}[.,][0-9]{3}');

-- Beside a number of a hundred the sign may stand.
create macro to_percent(cell) as to_number(rtrim(rtrim(cell, '%'), ' '));

create macro to_whole(number) as
    case when number = floor(number) then try_cast(number as integer) end;

-- Two-digit years are not guessed: 31.01.26 is unreadable, and so is the slip 05.02.0204.
create macro to_date(cell) as
    case
        when regexp_full_match(cell, '[0-9]{1,2}\.[0-9]{1,2}\.(18|19|20)[0-9]{2}( ?г\.?)?( [0-9:]+( ?ч\.?)?)?')
            then try_strptime(regexp_extract(cell, '^[0-9.]+'), '%d.%m.%Y')::date
        when regexp_full_match(cell, '(18|19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+)?')
            then try_strptime(left(cell, 10), '%Y-%m-%d')::date
    end;

-- What is still so written when it comes here is of a column with day/month and with month/day (date_order.py).
create macro is_day_or_month(cell) as
    regexp_full_match(cell, '[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}([^0-9].*)?')
    and regexp_matches(cell, '^[0-9.]*[/-]');

create macro to_school_year(cell) as
    case
        when regexp_full_match(cell, '20[0-9]{2}( ?г\.?)?') then left(cell, 4)::smallint
        when regexp_full_match(cell, '20[0-9]{2} ?[/–-] ?(20)?[0-9]{2}( ?г\.?)?')
            and (substr(cell, 3, 2)::smallint + 1) % 100 = regexp_extract(cell, '([0-9]{2})( ?г\.?)?$', 1)::smallint
            then left(cell, 4)::smallint
    end;

create macro month_number(cell) as
    case
        when regexp_full_match(cell, '0?[1-9]|1[0-2]') then cell::tinyint
        else list_position(
            ['януари', 'февруари', 'март', 'април', 'май', 'юни', 'юли', 'август', 'септември', 'октомври', 'ноември', 'декември'],
            lower(cell)
        )::tinyint
    end;

-- „10.2023“, „2023-10“, „октомври 2023 г.“, any date; or a month's number or name beside a year. Shortened names were
-- made numbers before (dates.py).
create macro to_month(cell, school_year, calendar_year) as
    coalesce(
        date_trunc('month', to_date(cell))::date,
        case
            when regexp_full_match(cell, '(0?[1-9]|1[0-2])[./-]20[0-9]{2}( ?г\.?)?')
                then make_date(regexp_extract(cell, '20[0-9]{2}')::int, regexp_extract(cell, '^[0-9]+')::int, 1)
            when regexp_full_match(cell, '20[0-9]{2}[./-](0?[1-9]|1[0-2])')
                then make_date(left(cell, 4)::int, regexp_extract(cell, '[0-9]+$')::int, 1)
            when regexp_full_match(cell, '[^0-9 ]+ 20[0-9]{2}( ?г\.?)?')
                then make_date(regexp_extract(cell, '20[0-9]{2}')::int, month_number(split_part(cell, ' ', 1)), 1)
            when school_year is not null
                then make_date(school_year + case when month_number(cell) < 9 then 1 else 0 end, month_number(cell), 1)
            when calendar_year between 2000 and 2099
                then make_date(calendar_year, month_number(cell), 1)
        end
    );

-- A number as Excel writes one that does not fit its column: 7,50101E+09.
create macro is_scientific(cell) as
    regexp_full_match(cell, '[0-9][.,][0-9]+[eEеЕ]\+?[0-9]{1,2}|[0-9][eEеЕ]\+[0-9]{1,2}');

create macro scientific_digits(cell) as
    replace(replace(regexp_extract(cell, '^[0-9.,]+'), ',', ''), '.', '');

create macro has_lost_digits(cell) as
    is_scientific(cell) and length(scientific_digits(cell)) <= try_cast(regexp_extract(cell, '[0-9]+$') as integer);

-- All the digits of such a number, when none is lost.
create macro whole_scientific(cell) as
    case
        when is_scientific(cell) and length(scientific_digits(cell)) = try_cast(regexp_extract(cell, '[0-9]+$') as integer) + 1
            then scientific_digits(cell)
    end;

-- Codes lose their leading zero and gain spaces and dashes on the way; digits alone identify.
create macro to_school_code(cell) as
    case
        when regexp_full_match(cell, '[1-9][0-9]{5,6}') then cell
        when regexp_full_match(cell, '[0-9][0-9 -]*(\.0)?')
            and length(ltrim(regexp_replace(regexp_replace(cell, '\.0$', ''), '[ -]', '', 'g'), '0')) between 6 and 7
            then ltrim(regexp_replace(regexp_replace(cell, '\.0$', ''), '[ -]', '', 'g'), '0')
        when length(whole_scientific(cell)) between 6 and 7 then whole_scientific(cell)
    end;

-- 1 to 12; of the preschool groups НЕИСПУО numbers the third −6 and the fourth −1 (domain.md §4.1).
create macro to_grade(cell) as
    case
        when regexp_full_match(cell, '-?[0-9]{1,2}(\.0)?') and try_cast(cell as decimal(4, 1)) between -10 and 12
            then try_cast(cell as decimal(4, 1))::tinyint
        when regexp_full_match(upper(translate(cell, 'ІХхі', 'IXxi')), '(I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII)( КЛАС)?')
            then list_position(
                ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'],
                regexp_extract(upper(translate(cell, 'ІХхі', 'IXxi')), '^[IVX]+')
            )::tinyint
        when regexp_full_match(cell, '[0-9]{1,2} ?(клас|кл\.?)') and try_cast(regexp_extract(cell, '^[0-9]+') as integer) between 1 and 12
            then regexp_extract(cell, '^[0-9]+')::tinyint
        when list_contains(['първа група', 'първа', '1 група', 'i група'], lower(cell)) then -4::tinyint
        when list_contains(['втора група', 'втора', '2 група', 'ii група'], lower(cell)) then -5::tinyint
        when list_contains(['трета група', 'трета', 'трета пг', '3 група', 'iii група', 'пг 5', 'пг5'], lower(cell)) then -6::tinyint
        when list_contains(['четвърта група', 'четвърта', 'четвърта пг', '4 група', 'iv група', 'пг 6', 'пг6', 'пг'], lower(cell)) then -1::tinyint
    end;

create macro to_ekatte(cell) as
    case when regexp_full_match(cell, '[0-9]{3,5}') then lpad(cell, 5, '0') end;

-- An identifier in the one form that is hashed: Excel loses the zeros in front of an ЕГН.
-- A name where the identifier should be is not an identifier.
create macro identifier(cell) as
    case
        when regexp_full_match(cell, '[0-9]{1,10}(\.0)?') then lpad(regexp_extract(cell, '^[0-9]+'), 10, '0')
        when length(cell) between 3 and 40
            and regexp_matches(cell, '[0-9]')
            and not regexp_matches(cell, '[^\p{L}0-9/.-]')
            and not (contains(cell, '.') and is_scientific(cell))
            then upper(cell)
        when length(whole_scientific(cell)) <= 10 then lpad(whole_scientific(cell), 10, '0')
    end;

create macro pseudonym(secret, plain) as
    unhex(left(sha256(secret || ':' || plain), 16))::bit::ubigint;

-- The kind of an institution from its name, for registers without the column. What is neither a letter nor a blank is
-- a dot first: a pattern with all letters (\p{L}) takes 3 ms to prepare, and here would stand a dozen.
create macro kind_of_name(cell) as
    list_transform([regexp_replace(lower(cell), '[^\p{L} ]', '.', 'g')], lambda name:
        case
            when regexp_matches(name, 'детска градина|^дг($|[ .])|^одз($|[ .])|^цдг($|[ .])') then 'kindergarten'
            when regexp_matches(name, 'център за|център|^цплр|^цсоп|общежитие') then 'support_centre'
            when regexp_matches(name, 'спортно') then 'sport'
            when regexp_matches(name, 'изкуства|по култура|музикално|художествен') then 'arts'
            when regexp_matches(name, 'духовн|семинария') then 'religious'
            when regexp_matches(name, 'професионална|^пг($|[ .])|^тпг($|[ .])|^пг[а-я]+') then 'vocational'
            when regexp_matches(name, 'начално|(^| )ну($|[ .])') then 'primary'
            when regexp_matches(name, 'обединено') then 'united'
            when regexp_matches(name, 'основно|(^| )оу($|[ .])') then 'basic'
            when regexp_matches(name, 'средно|(^| )су($|[ .])|^соу($|[ .])|^суиче($|[ .])|^суриче($|[ .])') then 'secondary'
            when regexp_matches(name, 'гимназия|^гпче($|[ .])|^пмг($|[ .])') then 'profiled'
        end
    )[1];
