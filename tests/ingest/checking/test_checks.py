"""Every rule a row must pass: one bad row each, and what its sender is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from drops import (
    ABSENCES_HEAD,
    ACTIONS_HEAD,
    CASES_HEAD,
    EGN,
    ROUNDS_HEAD,
    absence,
    absences,
    case,
    cases,
    faults,
    register,
    staged,
    table,
)

from obhvat.ingest import Source
from obhvat.ingest.checking.messages import RULE_WORDS, RULES, grade_words, month_words


@dataclass(frozen=True)
class Bad:
    """A row that breaks one rule, and what is said of it."""

    rule: str
    head: str
    good: str
    bad: str
    column: str
    value: str | None
    said: str
    others: tuple[Source, ...] = ()


GOOD = absence("дете-1")
GOOD_CASE = case("КГ-001")
GOOD_ROUND = "О-1;12.10.2023;Каменград;РУО;12"
GOOD_ACTION = "КГ-001;05.02.2024;Каменград;13.10.2023;телефонен разговор"
STATUSES = (
    "„подлежи на обхват (в работа)“, „записан за първи път“, „записан повторно след отпадане“, "
    "„записан след завръщане от чужбина“, „реинтегриран“, „записан в друга област“, „в друга област“, „в чужбина“, "
    "„неоткрит на адреса“, „няма информация“, „отказ на родителя“, „незаписан“, „навършил 16 г.“ или "
    "„починал или хоспитализиран“"
)

CASES = [
    Bad(
        "quotation",
        ABSENCES_HEAD,
        GOOD,
        '9000101;2023/2024;10;дете-2;7;"7а;0;1',
        "",
        None,
        "Кавичка в реда не се затваря и полетата му не се познават. Добавете или махнете кавичката.",
    ),
    Bad(
        "columns",
        ABSENCES_HEAD,
        GOOD,
        "9000101;2023/2024;10;дете-2;7;7а;0",
        "",
        "7",
        "Редът има 7 полета вместо 8. Проверете дали в текст няма разделител или липсващо поле.",
    ),
    Bad(
        "required",
        ABSENCES_HEAD,
        GOOD,
        "9000101;2023/2024;10;дете-2;;7а;0;1",
        "Випуск",
        None,
        "„Випуск“ е празно. Попълнете го.",
    ),
    Bad(
        "type",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2", "много"),
        "По неуважителни причини",
        "много",
        "„много“ в „По неуважителни причини“ не е число. Поправете стойността.",
    ),
    Bad(
        "enumeration",
        CASES_HEAD,
        GOOD_CASE,
        case("КГ-002", status="изгубен"),
        "Статус",
        "изгубен",
        f"„изгубен“ в „Статус“ не е сред допустимите: {STATUSES}.",
    ),
    Bad(
        "range",
        ROUNDS_HEAD,
        GOOD_ROUND,
        "О-2;13.10.2023;Каменград;РУО;2001",
        "Посетени адреси",
        "2001",
        "„2001“ в „Посетени адреси“ е извън допустимото (от 0 до 2000). Проверете числото.",
    ),
    Bad(
        "negative",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2", "-0,5"),
        "По неуважителни причини",
        "-0,5",
        "„-0,5“ в „По неуважителни причини“ е отрицателно. Отсъствията се броят от нула нагоре.",
    ),
    Bad(
        "halves",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2", "1,25"),
        "По неуважителни причини",
        "1,25",
        "„1,25“ в „По неуважителни причини“ не е цяло или половин число. Закъснението е 0,5; други части няма.",
    ),
    Bad(
        "identifier",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2", class_name=f"7а {EGN}"),
        "Паралелка",
        "7а ••••••••••",
        "В „Паралелка“ има число, което прилича на ЕГН. Махнете го: тук лични данни не се приемат.",
    ),
    Bad(
        "key",
        CASES_HEAD,
        GOOD_CASE,
        case("КГ-001", status="реинтегриран"),
        "№ на случая",
        "ред 2",
        "Редът повтаря ред 2 със същия ключ (№ на случая). Оставете само верния.",
    ),
    Bad(
        "school",
        CASES_HEAD + ";Училище (код)",
        f"{GOOD_CASE};9000101",
        case("КГ-002") + ";9000999",
        "Училище (код)",
        "9000999",
        "Институция с код „9000999“ няма в регистъра. Проверете кода или качете новия регистър.",
        (register(),),
    ),
    Bad(
        "municipality",
        CASES_HEAD,
        GOOD_CASE,
        case("КГ-002", "Каменгрят"),
        "Община по адрес",
        "Каменгрят",
        "Община „Каменгрят“ няма в регистъра на областта. Проверете изписването ѝ.",
        (register(),),
    ),
    Bad(
        "case",
        ACTIONS_HEAD,
        GOOD_ACTION,
        GOOD_ACTION.replace("КГ-001", "КГ-009"),
        "№ на случая",
        "КГ-009",
        "Случай „КГ-009“ няма в регистъра на случаите. Проверете номера или качете регистъра.",
        (cases(GOOD_CASE),),
    ),
    Bad(
        "school_year",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2").replace("2023/2024;10", "2022/2023;07"),
        "Месец",
        "07",
        "„07“ в „Месец“ е извън учебната година. Проверете датата.",
    ),
    Bad(
        "future",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2", month="април"),
        "Месец",
        "април",
        "„април“ в „Месец“ е в бъдещето. Проверете годината.",
    ),
    Bad(
        "not_after",
        CASES_HEAD,
        GOOD_CASE,
        "КГ-002;05.02.2024;отпаднал;Каменград;06.02.2024;в работа",
        "Дата на сигнала",
        "06.02.2024",
        "„06.02.2024“ в „Дата на сигнала“ е след датата в „Към дата“. Една от двете дати е грешна.",
    ),
    Bad(
        "month_limit",
        ABSENCES_HEAD,
        GOOD,
        "9000101;2023/2024;10;дете-2;7;7а;100;60,5",
        "По неуважителни причини",
        "160,5",
        "Отсъствията са общо 160,5, а месецът позволява най-много 160. Проверете дали не са удвоени.",
    ),
    Bad(
        "grade",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2").replace(";7;7а", ";9;9а"),
        "Випуск",
        "9",
        "Випуск „9“ не се учи в това училище (предучилищна група – VII клас). Проверете випуска или кода на училището.",
        (register(),),
    ),
    Bad(
        "one_school",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2", school="9000102"),
        "Код по НЕИСПУО",
        "9000102",
        "Редът е за институция „9000102“, а файлът е за 9000101. Изпратете я в отделен файл.",
    ),
    Bad(
        "one_month",
        ABSENCES_HEAD,
        GOOD,
        absence("дете-2", month="11"),
        "Месец",
        "2023-11-01",
        "Редът е за ноември 2023, а файлът е за октомври 2023. Изпратете месеца в отделен файл.",
    ),
]
RESULTS_HEAD = "Код по НЕИСПУО;Училище;Населено място;Учебна година;Срок или изпит;Предмет;Изпитани;Среден успех"
GOOD_RESULT = "9000101;;;2022/2023;ДЗИ;Математика;20;4,21"
CASES += [
    Bad(
        "unclear",
        RESULTS_HEAD,
        GOOD_RESULT,
        ";ОУ „Христо Ботев“;с. Друго;2022/2023;ДЗИ;Математика;20;4,21",
        "Код по НЕИСПУО",
        "ОУ „Христо Ботев“",
        "Не е ясно коя институция е „ОУ „Христо Ботев““. Изберете я на страница „Качване“ или впишете кода ѝ.",
        (register(),),
    ),
    Bad(
        "mark",
        RESULTS_HEAD,
        GOOD_RESULT,
        "9000101;;;2022/2023;ДЗИ;Философия;20;56",
        "Среден успех",
        "56,00",
        "Успехът „56,00“ не е от 2,00 до 6,00. Проверете числото.",
    ),
]

OF_RULE = {one.rule: one for one in CASES}
SECOND_GOOD = {
    ABSENCES_HEAD: absence("дете-9"),
    CASES_HEAD: case("КГ-009"),
    f"{CASES_HEAD};Училище (код)": case("КГ-009") + ";9000102",
    ROUNDS_HEAD: GOOD_ROUND.replace("О-1", "О-9"),
    ACTIONS_HEAD: GOOD_ACTION.replace("13.10", "14.10"),
    RESULTS_HEAD: GOOD_RESULT.replace("Математика", "Физика"),
}


def drop_of(one: Bad) -> tuple[Source, ...]:
    """The bad row on line 3, between two good ones."""
    return (*one.others, table(one.head, one.good, one.bad, SECOND_GOOD[one.head], name="проба.csv"))


def test_every_rule_has_its_bad_row():
    assert {one.rule for one in CASES} == set(RULES)


def test_every_rule_is_explained_on_the_help_page():
    assert list(RULE_WORDS) == list(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_bad_row_is_handed_back_with_line_column_value_and_what_to_do(read, rule):
    one = OF_RULE[rule]
    found = read(*drop_of(one)).rejected(len(one.others))
    told = [tuple(None if v != v else v for v in row) for row in found.itertuples(index=False, name=None)]
    assert told == [(3, one.column, one.value, rule, one.said)]


@pytest.mark.parametrize("rule", RULES)
def test_the_good_rows_around_a_bad_one_are_accepted(read, rule):
    one = OF_RULE[rule]
    report = read(*drop_of(one)).files[-1]
    assert (report.refused, report.rows_read, report.rows_good, report.rows_rejected) == (None, 3, 2, 1)
    assert report.dataset is not None


@pytest.mark.parametrize("rule", RULES)
def test_the_returned_file_has_the_bad_row_with_the_reason_last(read, rule):
    one = OF_RULE[rule]
    rows = read(*drop_of(one)).rejected_rows(len(one.others))
    assert (rows["Ред във файла"].tolist(), rows.iloc[0, -1]) == ([3], one.said)


def test_a_row_may_break_several_rules(read):
    upload = read(absences(GOOD, absence("дете-2", "-1,25").replace(";7;", ";много;")))
    assert sorted(faults(upload)) == [(3, "halves"), (3, "negative"), (3, "type")]


def test_as_much_as_the_month_allows_is_accepted(read):
    upload = read(absences("9000101;2023/2024;10;дете-1;7;7а;100;60"))
    assert staged(upload, "absences", "excused, unexcused") == [(100.0, 60.0)]


def test_preschool_groups_may_miss_as_many_days_as_were_taught(read):
    row = "9000151;2023/2024;10;{};четвърта група;Слънчо;{};0"
    upload = read(absences(row.format("дете-1", "20"), row.format("дете-2", "20,5")))
    assert faults(upload) == [(3, "month_limit")]


@pytest.mark.parametrize("value", ["123456789", "99999999999999"])
def test_a_number_too_large_to_keep_is_unreadable(read, value):
    upload = read(absences(*(absence(f"дете-{n}") for n in range(8)), absence("дете-9", value)))
    assert (10, "type") in faults(upload)
    assert upload.files[0].rows_good == 8


def test_a_class_of_more_children_than_there_are_people_is_out_of_range(read):
    head = "Код по НЕИСПУО;Учебна година;Месец;Паралелка;Брой ученици;По уважителни причини;По неуважителни причини"
    row = "9000101;2023/2024;10;{};{};10;1"
    upload = read(table(head, row.format("7а", "22"), row.format("7б", "99999999"), name="по паралелки.csv"))
    assert faults(upload) == [(3, "range")]


@pytest.mark.parametrize("year", ["0", "-1", "123456"])
def test_an_impossible_calendar_year_makes_the_month_unreadable(read, year):
    head = ABSENCES_HEAD.replace("Учебна година", "Календарна година")
    good, bad = GOOD.replace("2023/2024", "2023"), absence("дете-2").replace("2023/2024", year)
    assert faults(read(table(head, good, bad))) == [(3, "type")]


@pytest.mark.parametrize("written", ["01.01.0000", "18.09.0203", "31.12.9999", "0000-01-01"])
def test_a_date_centuries_away_is_unreadable(read, written):
    upload = read(table(ROUNDS_HEAD, GOOD_ROUND, f"О-2;{written};Каменград;РУО;3"))
    assert faults(upload) == [(3, "type")]
    assert upload.files[0].months == [date(2023, 10, 1)]


def test_the_month_of_today_is_not_in_the_future(read):
    assert read(absences(absence("дете-1", month="03"))).files[0].rows_good == 1


def test_a_dash_for_a_figure_that_is_not_required_is_missing(read):
    head = f"{ROUNDS_HEAD};Открити деца"
    upload = read(table(head, f"{GOOD_ROUND};–", f"{GOOD_ROUND.replace('О-1', 'О-2')};7"))
    assert staged(upload, "rounds", "found") == [(None,), (7,)]


def test_a_dash_for_a_required_figure_is_an_empty_cell(read):
    assert faults(read(absences(GOOD, absence("дете-2", "–")))) == [(3, "required")]


def test_without_a_register_codes_are_not_checked(read):
    assert read(absences(absence("дете-1", school="9999999"))).files[0].rows_good == 1


def test_a_kindergarten_teaches_no_grades(read):
    upload = read(register(), absences(absence("дете-1", school="9000151"), absence("дете-2", school="9000151")))
    assert (
        upload.rejected(1)["reason"].tolist()
        == ["Випуск „7“ не се учи в това училище (предучилищна група). Проверете випуска или кода на училището."] * 2
    )


def test_an_identifier_in_place_of_a_municipality_is_refused_without_a_register(read):
    rows = [case(f"КГ-{n}") for n in range(8)]
    upload = read(cases(*rows, case("КГ-9", EGN)))
    assert faults(upload) == [(10, "identifier")]


@pytest.mark.parametrize(
    ("grade", "words"), [(1, "I клас"), (7, "VII клас"), (12, "XII клас"), (-6, "предучилищна група")]
)
def test_grades_in_words(grade, words):
    assert grade_words(grade) == words


@pytest.mark.parametrize(("iso", "words"), [("2023-10-01", "октомври 2023"), ("2024-01-01", "януари 2024"), (None, "")])
def test_months_in_words(iso, words):
    assert month_words(iso) == words
