"""What is left before a meeting, on its page: whom it names, where it leads, what is asked first."""

from __future__ import annotations

import time
from datetime import date

from conftest_pages import Open, words
from streamlit.testing.v1 import AppTest

from obhvat.meeting.decisions import decisions
from obhvat.meeting.meetings import attendance, meetings
from obhvat.ui.filters import INSIDE
from obhvat.ui.meeting.lacks import TO_READ
from obhvat.ui.session import open_store


def button(app: AppTest, label: str):
    return next(b for b in app.button if b.label == label)


def to_part(app: AppTest, part: str) -> AppTest:
    return app.button_group(key="meeting-part").set_value(part).run()


def opened(open_page: Open, **address: str) -> AppTest:
    app = open_page("meeting", **address)
    return button(app, "Открий заседание").click().run()


def emails(app: AppTest) -> str:
    return " ".join(code.value for code in app.code)


def test_what_is_left_is_said_before_a_meeting_is_opened(demo_app: Open):
    app = demo_app("meeting")
    assert not app.exception
    assert "39 от 40 училища са подали всеки месец" in words(app)
    assert "ОУ „Росица“, с. Бистрата: от септември 2023 г. до януари 2024 г." in words(app)


def test_a_chosen_municipality_names_its_schools_alone(demo_app: Open):
    said = words(demo_app("meeting", municipality="Яворец"))
    assert "ДГ „Врабче“, гр. Яворец: декември 2023 г." in said
    assert "Росица" not in said


def test_letters_and_questions_about_cases_are_only_for_inside(demo_app: Open):
    members, inside = demo_app("meeting"), demo_app("meeting", audience=INSIDE)
    assert not members.code
    assert "Въпроси по случаите" not in words(members)
    assert "Въпроси по случаите" in words(inside)
    assert "Уважаема госпожо/уважаеми господин директор" in emails(inside)


def test_no_case_and_no_child_is_named_in_the_list(demo_app: Open):
    store = open_store()
    numbers = [number for (number,) in store.rows("select distinct number from cases")]
    said = words(demo_app("meeting", audience=INSIDE))
    assert len(numbers) > 20
    assert [number for number in numbers if number in said] == []


def test_the_press_is_told_that_the_list_is_not_for_it(demo_app: Open):
    app = demo_app("meeting", audience="За пресата")
    assert "Подготовката не е за пресата" in words(app)
    assert "Росица" not in words(app)


def test_a_line_leads_to_the_part_of_the_page_where_it_is_mended(demo_app: Open):
    app = to_part(opened(demo_app), "Подготовка")
    button(app, "Към „Присъствие“").click().run()
    assert app.button_group(key="meeting-part").value == "Присъствие"


def test_an_empty_store_has_no_list_and_says_what_to_do_first(empty_app: Open):
    app = empty_app("meeting")
    assert not app.exception
    assert "Още няма данни" in words(app)


def test_a_decision_without_a_term_is_asked_about_and_may_be_meant(demo_app: Open):
    app = opened(demo_app)
    app.text_area[0].set_value("Общините представят данни")
    next(box for box in app.selectbox if box.label == "Отговорник").set_value("общини")
    button(app, "Добави").click().run()
    assert "Без срок? Попълнете или натиснете „Добави“ още веднъж" in words(app)
    assert "Общините представят данни" not in decisions(open_store(), date.today())["text"].tolist()
    time.sleep(TO_READ)
    button(app, "Добави").click().run()
    [due] = decisions(open_store(), date.today()).set_index("text").loc[["Общините представят данни"], "due"]
    assert due is None or due != due
    assert "Без срок?" not in words(app)


def test_a_proposal_needs_no_term(demo_app: Open):
    app = opened(demo_app)
    next(group for group in app.button_group if group.label == "Вид").set_value("proposal")
    app.text_area[0].set_value("Повече часове по български език")
    button(app, "Добави").click().run()
    assert "Повече часове по български език" in decisions(open_store(), date.today())["text"].tolist()


def test_whoever_chairs_is_not_absent_without_that_being_chosen(demo_app: Open):
    app = to_part(opened(demo_app), "Присъствие")
    button(app, "Запиши присъствието").click().run()
    [meeting] = meetings(open_store())
    came = attendance(open_store(), meeting.meeting_id).set_index("institution")["present"]
    assert came["Областна администрация"]
    assert came.sum() == 1


def test_a_meeting_where_nobody_is_present_is_closed_only_after_a_question(demo_app: Open):
    app = to_part(opened(demo_app), "Закриване")
    app.checkbox[0].check().run()
    button(app, "Закрий заседанието").click().run()
    assert "Никой не е отбелязан като присъстващ" in words(app)
    assert not meetings(open_store())[0].is_closed
    button(app, "Да, закрий без присъстващи").click().run()
    assert meetings(open_store())[0].is_closed
    [chooser] = [box for box in app.selectbox if box.label == "Заседание"]
    assert [option.endswith("закрито") for option in chooser.options] == [True]
