"""The Word forms as a person of the oblast changes them."""

from __future__ import annotations

import io

from conftest_pages import Open, words
from docx import Document
from streamlit.testing.v1 import AppTest

from obhvat.reports.forms import all_forms, form_in_force
from obhvat.ui.session import open_store

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def give(app: AppTest, text: str) -> AppTest:
    """Upload the protocol's own form with a line more."""
    made = Document(io.BytesIO(all_forms()["protocol"].own))
    made.paragraphs[0].insert_paragraph_before(text)
    out = io.BytesIO()
    made.save(out)
    return app.file_uploader[0].set_value(("бланка.docx", out.getvalue(), DOCX)).run()


def first_line() -> str:
    return Document(io.BytesIO(form_in_force(open_store(), "protocol"))).paragraphs[0].text


def test_a_changed_form_is_checked_and_kept_when_its_author_says_so(empty_app: Open) -> None:
    app = give(empty_app("settings"), "ГЕРБ НА ОБЛАСТТА")
    assert "Бланката е наред" in words(app)
    assert first_line() == "РЕПУБЛИКА БЪЛГАРИЯ"
    app.button(key="form-keep").click().run()
    assert first_line() == "ГЕРБ НА ОБЛАСТТА"
    assert "вашата бланка" in words(app)
    assert "Бланката е наред" not in words(app)


def test_a_form_with_a_fault_is_refused_with_the_remedy(empty_app: Open) -> None:
    app = give(empty_app("settings"), "{{ председателя }}")
    assert "Може би е {{ председател }}." in words(app)
    assert "form-keep" not in {button.key for button in app.button}
    assert first_line() == "РЕПУБЛИКА БЪЛГАРИЯ"


def test_the_form_before_and_the_first_one_come_back(empty_app: Open) -> None:
    app = empty_app("settings")
    assert app.button(key="form-own").disabled
    for text in ("ПЪРВА", "ВТОРА"):
        give(app, text).button(key="form-keep").click().run()
    app.button(key="form-before").click().run()
    assert first_line() == "ПЪРВА"
    app.button(key="form-own").click().run()
    assert first_line() == "РЕПУБЛИКА БЪЛГАРИЯ"
    app.button(key="form-before").click().run()
    assert first_line() == "ПЪРВА"


def test_every_field_of_a_form_is_explained(empty_app: Open) -> None:
    app = empty_app("settings")
    app.segmented_control(key="form").set_value("press").run()
    shown = words(app)
    assert [field.name for field in all_forms()["press"].fields if field.name not in shown] == []
    assert "{{ начало текст }} … {{ край текст }}" in shown
