"""Pages in English and in Bulgarian, of two sessions at once."""

from __future__ import annotations

import pytest
from conftest_pages import Open, words

from obhvat.language import ENGLISH, speaking


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
