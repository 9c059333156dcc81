"""Bulgarian or English: the address says it (`lang=en`), the session remembers it, a link in the corner changes it."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from obhvat.language import BULGARIAN, ENGLISH, LANGUAGES, chosen_by, current, speak
from obhvat.ui.widgets.html import Safe, tag

PARAMETER = "lang"
_CHOSEN = "language"
NAMES = {BULGARIAN: "БГ", ENGLISH: "EN"}


def _of_session() -> str:
    return st.session_state.get(_CHOSEN, BULGARIAN) if get_script_run_ctx(suppress_warning=True) else BULGARIAN


chosen_by(_of_session)


def choose_language() -> None:
    """Speak what the address asks for, else what was chosen before; a link of the menu leaves the address behind."""
    asked = st.query_params.get(PARAMETER)
    if asked in LANGUAGES:
        st.session_state[_CHOSEN] = asked
    speak(_of_session())
    if current() != BULGARIAN and asked != current():
        st.query_params[PARAMETER] = current()


def language_links() -> Safe:
    """The other language of the same view. It is opened anew, as Streamlit's own texts are chosen when it starts."""
    address = st.query_params.to_dict()
    links = [
        tag("b", name, lang=language)
        if language == current()
        else tag("a", name, href=f"?{urlencode({**address, PARAMETER: language})}", target="_self", lang=language)
        for language, name in NAMES.items()
    ]
    return tag("span", links[0], " / ", links[1], css="languages", translate="no")
