"""Pages where people sign in: who is in the corner, and what is said to who has no right any more."""

from __future__ import annotations

import html

from conftest_pages import words, written_html
from conftest_roles import BY, OpenAs, person_of

from obhvat.people import ROLES, Viewer, register
from obhvat.people.log import log_of
from obhvat.people.places import places_of
from obhvat.people.signing_in import one_time_password
from obhvat.ui.filters import INSIDE
from obhvat.ui.session import open_store, viewer


def test_the_corner_says_who_works_in_which_role(app_as: OpenAs) -> None:
    coordinator = person_of(ROLES["coordinator"])
    app = app_as("coordinator")
    assert not app.exception
    assert viewer() == coordinator
    corner = written_html(app).split('class="who"')[1].split("</details>")[0]
    assert coordinator.person in corner
    assert "Горун" in corner
    assert 'action="/sign-out"' in corner
    assert "/password" not in corner
    assert "Смени ролята" not in corner


def test_who_has_two_roles_may_change_it(app_as: OpenAs) -> None:
    person = person_of(ROLES["expert"]).person
    app = app_as(Viewer(person, ROLES["administrator"]))
    assert "Смени ролята" in words(app)
    assert viewer().role.id == "administrator"


def test_a_right_that_was_ended_is_ended_at_the_next_click(app_as: OpenAs) -> None:
    press = person_of(ROLES["press"])
    app = app_as("press")
    assert press.person in words(app)
    register.end(open_store(), press, BY)
    app.run()
    assert "правото ви е прекратено" in words(app)
    assert press.person not in words(app)


def test_to_take_up_a_role_has_its_line(app_as: OpenAs) -> None:
    app_as("governor")
    last = log_of(open_store()).looks(what="sign_in")[0]
    assert (last.person, last.role) == (person_of(ROLES["governor"]).person, "governor")


def test_where_people_sign_in_there_is_no_pin(app_as: OpenAs) -> None:
    app = app_as("expert", "settings")
    assert "ПИН е за който работи сам" in words(app)
    assert not [box for box in app.text_input if box.key == "pin-new"]


def test_who_has_a_password_changes_it_from_the_corner_and_a_school_is_called_by_its_name(app_as: OpenAs) -> None:
    app_as("governor")
    store, school = open_store(), person_of(ROLES["school"])
    one_time_password(store, school.person, BY)
    corner = written_html(app_as("school")).split('class="who"')[1].split("</details>")[0]
    assert 'href="/password"' in corner
    assert places_of(store, school.role)[school.given] in html.unescape(corner)


def test_a_school_is_called_by_its_name_where_it_is_said_why_it_sees_what_it_sees(app_as: OpenAs) -> None:
    why = written_html(app_as("school", audience=INSIDE)).split('class="why"')[1].split("</details>")[0]
    school = person_of(ROLES["school"])
    assert places_of(open_store(), school.role)[school.given] in html.unescape(why)
    assert school.given not in why


def test_who_was_given_a_password_by_another_is_told_by_whom(app_as: OpenAs) -> None:
    app_as("governor")
    one_time_password(open_store(), person_of(ROLES["secretary"]).person, BY)
    assert f"„{BY.person}“ ви даде еднократна парола" in words(app_as("secretary"))
    assert "ви даде" not in words(app_as("press"))


def test_a_click_that_opens_no_school_is_not_asked_for(app_as: OpenAs) -> None:
    click = "за да отворите училището"
    assert click in words(app_as("expert", "inspections"))
    assert click not in words(app_as("governor", "inspections"))


def test_no_page_is_named_that_the_role_does_not_have(app_as: OpenAs) -> None:
    assert "на страница „Заседание“" in words(app_as("expert"))
    assert "на страница „Заседание“" not in words(app_as("school"))
    assert "Писма" in words(app_as("expert", "meeting"))
    assert "Писма" not in words(app_as("governor", "meeting"))


def test_who_has_one_place_is_told_where_its_children_are(app_as: OpenAs) -> None:
    hint = "като изберете горе „Вътрешен“"
    assert hint in words(app_as("school"))
    assert hint not in words(app_as("school", audience=INSIDE))
    assert hint not in words(app_as("expert"))
    assert hint not in words(app_as("governor"))


def test_the_guide_that_opens_is_that_of_the_own_role(app_as: OpenAs) -> None:
    for role, guide in (
        ("school", "Училище или детска градина"),
        ("institution", "Полиция, здравни и социални служби"),
    ):
        assert next(box for box in app_as(role, "help").radio if box.label == "Аз съм").value == guide
