"""Pages in English and in Bulgarian, of two sessions at once."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pandas as pd
import pytest
from conftest_pages import Open, words
from docx import Document

from obhvat.datasets import dataset
from obhvat.language import ENGLISH, _, speaking
from obhvat.metrics import metric
from obhvat.reports.visit_order import order_document


def test_two_sessions_in_two_languages(demo_app: Open):
    english, bulgarian = demo_app("overview", lang="en"), demo_app("overview")
    for _again in range(2):
        assert "School year" in [box.label for box in english.selectbox]
        assert "Учебна година" in [box.label for box in bulgarian.selectbox]
        # AppTest writes what is chosen as the page does, in a thread of its own.
        with speaking(ENGLISH):
            english.run()
        bulgarian.run()
    assert not english.exception
    assert "БГ" in words(english)


@pytest.mark.parametrize("period", ["Term II", "II срок"])
def test_an_address_of_either_language_is_understood(demo_app: Open, period: str):
    app = demo_app("overview", lang="en", period=period, audience="За пресата")
    assert app.selectbox(key="period").value == "II срок"
    assert app.session_state["audience"] == "За пресата"
    assert app.query_params["lang"] == "en"


@pytest.mark.parametrize(
    ("page", "key", "option"),
    [
        ("cases", "part", "Етапи и срокове"),
        ("inspections", "part", "План за проверки"),
        ("overview", "map", "submissions"),
        ("help", "template", "actions"),
    ],
)
def test_a_link_of_who_reads_english_opens_the_same_part(demo_app: Open, page: str, key: str, option: str):
    with speaking(ENGLISH):
        label = {"map": lambda: metric(option).name, "template": lambda: _(dataset(option).title)}.get(
            key, lambda: _(option)
        )()
    app = demo_app(page, **{key: label})
    assert [box.value for box in (*app.selectbox, *app.segmented_control) if box.key == key] == [option]


def test_documents_are_bulgarian_whoever_looks_and_the_meeting_is_in_the_language_of_the_interface(demo_app: Open):
    def order() -> bytes:
        visit = {"name": "ОУ „Бор“", "settlement": "с. Дренак", "municipality": "Ведрово", "school": "1", "reason": "–"}
        return order_document(pd.DataFrame([visit]), date(2024, 2, 12), "Каменград", "бележки")

    bulgarian = Document(BytesIO(order()))
    with speaking(ENGLISH):
        english = Document(BytesIO(order()))
    assert [p.text for p in english.paragraphs] == [p.text for p in bulgarian.paragraphs]
    app = demo_app("overview", lang="en")
    assert "School year" in [box.label for box in app.selectbox]
    with speaking(ENGLISH):
        app.switch_page("pages/meeting.py").run()
    assert not app.exception
    assert "About the period" in [box.label for box in app.selectbox]
    assert "В програмата има грешка" not in words(app)
    assert "No meeting is open" in words(app)


def test_a_part_of_the_help_stays_when_the_language_changes(demo_app: Open):
    app = demo_app("help", tab="Glossary")
    drawn = next(block.proto for block in app.main.children.values() if "tab_container" in str(block.proto))
    assert app.tabs[drawn.tab_container.default_tab_index].label == "Речник"
