"""The meeting's page without a browser: opening, entering, the agenda, closing."""

from __future__ import annotations

import time
from datetime import date

from conftest_pages import Open, words
from streamlit.testing.v1 import AppTest

from obhvat.meeting.decisions import decisions
from obhvat.meeting.meetings import attendance, current, meetings
from obhvat.ui.meeting.lacks import TO_READ
from obhvat.ui.session import open_store

LATER = date(2099, 12, 31)
"""After all that is entered here. To the last day there is, the lateness of a decision is counted over 8000 years."""


def opened(open_page: Open) -> AppTest:
    app = open_page("meeting")
    button(app, "Открий заседание").click().run()
    return app


def button(app: AppTest, label: str):
    return next(b for b in app.button if b.label == label)


def selectbox(app: AppTest, label: str):
    return next(box for box in app.selectbox if box.label == label)


def to_part(app: AppTest, part: str) -> AppTest:
    return app.button_group(key="meeting-part").set_value(part).run()


def meant(app: AppTest) -> AppTest:
    """Enter the decision once more: it is meant to be without who and by when. A second press at once is none."""
    decided = len(decisions(open_store(), date.today()))
    for _ in range(2):
        assert "Без отговорник и без срок? Попълнете" in words(app)
        assert len(decisions(open_store(), date.today())) == decided
        button(app, "Добави").click().run()
    time.sleep(TO_READ)
    return button(app, "Добави").click().run()


def test_a_page_without_a_meeting_shows_what_was_decided_last(demo_app: Open):
    app = demo_app("meeting")
    assert "Няма започнато заседание" in words(app)
    assert "Проверка на дневниците във всички училища" in words(app)


def test_opening_a_meeting_is_kept(demo_app: Open):
    app = opened(demo_app)
    assert not app.exception
    meeting = current(open_store())
    assert meeting is not None
    # The day that the demonstration is of; with data of this year it is today.
    assert meeting.held_on == date(2024, 1, 31)
    assert "0 решения" in words(app)


def test_a_decision_is_entered_once_and_shown(demo_app: Open):
    app = opened(demo_app)
    app.text_area[0].set_value("Общините представят данни")
    meant(button(app, "Добави").click().run())
    assert "1 решение" in words(app)
    assert "Общините представят данни" in words(app)
    found = decisions(open_store(), LATER)
    assert found["text"].tolist().count("Общините представят данни") == 1


def test_a_decision_is_taken_under_an_item_and_may_be_moved_to_another(demo_app: Open):
    app = opened(demo_app)
    app.text_area[0].set_value("Общините представят данни")
    selectbox(app, "По точка").set_value("inspections")
    selectbox(app, "Отговорник").set_value("общини")
    meant_without_term = button(app, "Добави").click().run()
    time.sleep(TO_READ)
    app = button(meant_without_term, "Добави").click().run()
    assert "по „Проверки в училищата“" in words(app)
    [(key, item)] = decisions(open_store(), date.today()).query("item != ''")[["decision_id", "item"]].to_numpy()
    assert item == "inspections"
    moved = next(box for box in app.selectbox if box.label == "По точка" and box.value == "inspections")
    moved.set_value("submissions")
    next(b for b in app.button if b.form_id == f"change-{key}").click().run()
    assert "по „Подаване на отсъствията“" in words(app)
    assert decisions(open_store(), date.today()).set_index("decision_id").loc[key, "item"] == "submissions"


def test_nothing_is_asked_of_a_decision_with_no_words(demo_app: Open):
    app = button(opened(demo_app), "Добави").click().run()
    assert "Напишете текста на предложението или решението." in words(app)
    assert "Без отговорник" not in words(app)


def test_a_case_number_is_refused_and_nothing_is_stored(demo_app: Open):
    app = opened(demo_app)
    before = len(decisions(open_store(), LATER))
    app.text_area[0].set_value("Да се посети КГ-019")
    meant(button(app, "Добави").click().run())
    assert "посочен случай по номер" in words(app)
    assert len(decisions(open_store(), LATER)) == before


def test_a_decision_that_looks_like_a_name_waits_to_be_confirmed(demo_app: Open):
    app = opened(demo_app)
    before = len(decisions(open_store(), LATER))
    app.text_area[0].set_value("Екипът да посети семейството на Иван Петров в с. Бистрата")
    meant(button(app, "Добави").click().run())
    assert "Прилича на име на човек: „Иван Петров“." in words(app)
    assert len(decisions(open_store(), LATER)) == before
    app.text_area[0].set_value("Екипът да посети семейството в с. Бистрата, община Горун")
    button(app, "Добави").click().run()
    assert len(decisions(open_store(), LATER)) == before + 1
    assert "Прилича на име" not in words(app)


def test_the_agenda_is_put_in_another_order(demo_app: Open):
    app = to_part(opened(demo_app), "Дневен ред")
    app.button(key="agenda-down-0").click().run()
    meeting = current(open_store())
    assert meeting is not None
    assert meeting.agenda[:2] == ("decisions_last", "since_last")


def test_a_slide_is_left_out_and_offered_again(demo_app: Open):
    app = to_part(opened(demo_app), "Дневен ред")
    app.button(key="agenda-out-0").click().run()
    meeting = current(open_store())
    assert meeting is not None
    assert "since_last" not in meeting.agenda
    assert "+ Промени след предходното заседание" in [b.label for b in app.button]


def test_what_a_protocol_would_lack_is_said_before_closing(demo_app: Open):
    app = opened(demo_app)
    app.text_area[0].set_value("Месечни срещи с медиаторите")
    meant(button(app, "Добави").click().run())
    app = to_part(app, "Закриване")
    assert "Присъствието не е отбелязано" in words(app)
    assert "Без отговорник е решение № 1." in words(app)
    assert "Без срок е решение № 1." in words(app)


def test_all_are_present_by_one_button(demo_app: Open):
    app = to_part(opened(demo_app), "Присъствие")
    button(app, "Всички присъстват").click().run()
    [meeting] = meetings(open_store())
    assert attendance(open_store(), meeting.meeting_id)["present"].all()
    assert "Присъствието не е отбелязано" not in words(to_part(app, "Закриване"))


def test_a_closed_meeting_shows_what_changed_since(demo_app: Open):
    app = to_part(opened(demo_app), "Закриване")
    app.checkbox[0].check().run()
    button(app, "Закрий заседанието").click().run()
    button(app, "Да, закрий без присъстващи").click().run()
    [meeting] = meetings(open_store())
    assert meeting.is_closed
    assert "днес числата биха били същите" in words(app)


def test_the_room_has_no_menu_to_other_pages(demo_app: Open):
    app = demo_app("room")
    assert "room-slide" in " ".join(e.proto.body for e in app.get("html"))
    assert {b.label for b in app.button} == {"Първи", "← Назад", "Напред →", "Последен", "Обнови", "Изход"}


def test_the_documents_are_offered_with_the_press_text_to_correct(demo_app: Open):
    app = to_part(opened(demo_app), "Документи")
    assert not app.exception
    assert "Към момента се работи по 14 случая" in str(app.text_area[0].value)
