"""What pages show of cases and children has its line in the log before it is there. Every page is asked for it where
all are opened, too (test_every_page)."""

from __future__ import annotations

from cases_page import FOR_ALL, INSIDE, LADDER, LIST, MEMBERS, ONLY_INSIDE, PRESS, PROPOSALS, tables
from conftest_pages import Open, words
from looks_page import cases_shown, looked, without_a_line

from obhvat.ui.session import open_store

# The school of the demonstration most of whose pupils have a case.
_SCHOOL = """
select any_value(schools.name || ', ' || schools.settlement || ' · ' || schools.code)
from cases
join schools on schools.code = cases.school
group by schools.code
order by count(*) desc
limit 1
"""


def test_no_part_of_the_cases_shows_one_without_a_line(demo_app: Open) -> None:
    shown = {}
    for part in (*FOR_ALL, *ONLY_INSIDE):
        app, lines = looked(demo_app, "cases", audience=INSIDE, part=part)
        assert without_a_line(app, lines) == set(), part
        shown[part] = len(cases_shown(app))
    assert min(shown[LADDER], shown[LIST]) > 1


def test_a_school_shows_its_cases_with_a_line(demo_app: Open) -> None:
    demo_app("help")
    [(school,)] = open_store().rows(_SCHOOL)
    app, lines = looked(demo_app, "school", audience=INSIDE, school=school)
    assert cases_shown(app)
    assert without_a_line(app, lines) == set()


def test_a_list_of_children_and_a_proposal_have_a_line_with_as_many(demo_app: Open) -> None:
    app, written = looked(demo_app, "risk", audience=INSIDE)
    [children] = [line for line in written if line["what"] == "children"]
    listed = next(rows for rows in tables(app) if "Ред във файла" in rows)
    assert (children["n"], children["where"]) == (len(listed), "областта")
    app, written = looked(demo_app, "cases", audience=INSIDE, part=PROPOSALS)
    [proposed] = [line for line in written if line["what"] == "proposals"]
    assert proposed["n"] >= len(next(rows for rows in tables(app) if "Ред във файла" in rows))


def test_pages_without_children_write_nothing(demo_app: Open) -> None:
    for page, audience in (("cases", MEMBERS), ("cases", PRESS), ("risk", PRESS)):
        assert looked(demo_app, page, audience=audience)[1] == []


def test_who_looked_at_a_case_is_told_beside_it(demo_app: Open) -> None:
    app = demo_app("cases", audience=INSIDE, part=LIST)
    app.session_state["who-case"] = True
    app.run()
    assert "отваря случай" in words(app)


def test_the_page_of_data_tells_who_looked_at_what(demo_app: Open) -> None:
    looked(demo_app, "cases", audience=INSIDE, part=LIST)
    app = demo_app("data_status", audience=INSIDE)
    app.session_state["looks"] = True
    app.run()
    told = next(frame.value for frame in app.dataframe if "В каква роля" in frame.value)
    assert {"вижда списък със случаи", "отваря случай"} <= set(told["Какво"])
    app.button(key="looks-verify").click().run()
    assert "Записът е цял" in words(app)
