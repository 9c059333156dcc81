from cases_page import INSIDE, first_line
from conftest_pages import Open, rows_of, words

from obhvat.metrics import figure
from obhvat.periods import Period
from obhvat.scope import Scope
from obhvat.store import Store

TERM = Period(2023, "term", 1)


def test_the_first_line_is_the_press_release(demo_app: Open):
    said = " ".join(words(demo_app()).split())
    assert "През I срок на 2023/2024 г. в областта се работи по 14 случая на деца, отпаднали или необхванати" in said
    assert "необхванати; проверени са 38 от 40 училища" in said


def test_the_parts_of_the_cases_are_read_as_a_sum(demo_app: Open):
    assert "3 върнати, 2 в друга област, 3 в чужбина и 14 в работа" in words(demo_app())


def test_unchecked_schools_are_named(demo_app: Open):
    assert "2 училища без проверка през периода: ОУ „Млада гора“, с. Изворско и ОУ „Росица“" in " ".join(
        words(demo_app()).split()
    )


def test_a_school_that_never_submits_is_named(demo_app: Open):
    assert "1 училище без подадени отсъствия за януари 2024 г.: ОУ „Росица“" in " ".join(words(demo_app()).split())


def test_tiles_compare_a_month_with_the_same_month(demo_app: Open):
    assert "спрямо януари 2023 г." in words(demo_app())


def test_members_do_not_see_a_small_number_of_cases(demo_app: Open, demo_store: Store):
    small = figure(demo_store, "cases_in_work", TERM, Scope("Ведрово")).n
    assert small
    assert 0 < small < 5
    said = words(demo_app("overview", municipality="Ведрово"))
    assert f"се работи по {small} случая" not in " ".join(said.split())
    assert "случаите в работа са под 10" in " ".join(said.split())


def test_the_inside_view_shows_a_small_number_of_cases(demo_app: Open, demo_store: Store):
    small = figure(demo_store, "cases_in_work", TERM, Scope("Ведрово")).n
    said = " ".join(words(demo_app("overview", municipality="Ведрово", audience="Вътрешен")).split())
    assert f"се работи по {small} случая" in said


def test_the_press_sees_no_municipality(demo_app: Open):
    app = demo_app("overview", municipality="Ведрово", audience="За пресата")
    assert "община Ведрово" not in words(app)
    assert "По общини" not in words(app)
    assert "14 случая" in words(app)


def test_the_press_reads_of_deadlines_only_what_the_law_says(demo_app: Open):
    told = {audience: words(demo_app("overview", audience=audience)) for audience in ("За пресата", "За членовете")}
    assert ["с изтекъл срок" in text for text in told.values()] == [False, True]
    assert ["по решенията" in text for text in told.values()] == [False, True]


def test_the_rows_by_municipality_add_up_to_the_last_row(demo_app: Open):
    _, *parts, whole = rows_of(demo_app("overview", audience="Вътрешен"), "По общини")
    checked = [[int(n) for n in row[2].split(" от ")] for row in parts]
    assert [sum(column) for column in zip(*checked, strict=True)] == [38, 40]
    assert whole[2] == "38 от 40"


def test_no_case_number_reaches_the_overview(demo_app: Open, demo_store: Store):
    numbers = [n for (n,) in demo_store.rows("select distinct number from cases")]
    said = words(demo_app("overview", audience="Вътрешен"))
    assert numbers
    assert not [n for n in numbers if n in said]


def test_an_address_alone_opens_no_internal_view(demo_app: Open):
    app = demo_app("overview", municipality="Ведрово", audience="Вътрешен", by_hand=False)
    assert app.segmented_control(key="audience").value == "За членовете"
    assert "Вътрешният изглед не се отваря с адрес" in words(app)
    assert "случаите в работа са под 10" in " ".join(words(app).split())
    app.segmented_control(key="audience").set_value("Вътрешен").run()
    app.button(key="screen-is-not-seen").click().run()
    assert "не се отваря с адрес" not in words(app)
    assert "случаите в работа са под 10" not in " ".join(words(app).split())
    app.segmented_control(key="audience").set_value("За членовете").run()
    assert "случаите в работа са под 10" in " ".join(words(app).split())


def test_the_only_school_of_a_municipality_is_told_without_a_fraction(awkward_app: Open):
    said = first_line(awkward_app("overview", audience=INSIDE, municipality="Перуника"))
    assert said.endswith("се работи по 1 случай на дете, отпаднало или необхванато; училището не е проверено")


def test_no_school_checked_is_told_in_words(awkward_app: Open):
    address = {"municipality": "Мъхово", "audience": INSIDE}
    assert first_line(awkward_app("overview", **address)).endswith("; не е проверено нито едно от 3 училища")
    assert first_line(awkward_app("inspections", **address)).endswith("не е проверено нито едно от 3 училища")
