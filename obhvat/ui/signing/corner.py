"""In the corner of every page: who is signed in, in which role, and the way out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from obhvat.language import _, pgettext
from obhvat.people import means, signed_in
from obhvat.people.means import Given
from obhvat.people.places import right_words
from obhvat.people.signing_in import ONE_TIME, has_password
from obhvat.texts import moment
from obhvat.ui import room
from obhvat.ui.people import lock
from obhvat.ui.session import is_together, open_store, token, viewer
from obhvat.ui.signing.pages import PASSWORD, ROLE, SIGN_OUT
from obhvat.ui.widgets.html import Safe, bold, tag

_GIVEN = "means-given"


def who() -> Safe | str:
    """The person's name, folded: the role, another one for who has several, by whom they were given the means to sign
    in, and out. Empty alone."""
    if not is_together():
        return ""
    acts, store = viewer(), open_store()
    others = len(signed_in.rights_of(store, token())) > 1
    if _GIVEN not in st.session_state:
        # Of all that was ever looked at: once a tab.
        st.session_state[_GIVEN] = means.given_to(store, acts.person, store.now())
    given: list[Given] = st.session_state[_GIVEN]
    is_new = any(store.now() - one.at < ONE_TIME for one in given)
    mark = tag("span", "!", css="badge", title=_("Дадоха ви парола или адрес за вход")) if is_new else ""
    return tag(
        "details",
        tag("summary", mark, acts.person, title=acts.person),
        tag(
            "div",
            tag("p", bold(acts.person)),
            tag("p", right_words(store, acts)),
            tag("p", tag("a", _("Смени ролята"), href=ROLE, target="_self")) if others else "",
            tag("p", tag("a", _("Смяна на паролата"), href=PASSWORD, target="_self"))
            if has_password(store, acts.person)
            else "",
            *(tag("p", _said(one), css="mind") for one in given),
            tag("form", tag("button", pgettext("signing", "Изход"), type="submit"), method="post", action=SIGN_OUT),
        ),
        css="who",
    )


def _said(one: Given) -> str:
    return _("{at}: „{by}“ ви даде {what}. Ако не сте го искали, кажете на експерт от РУО.").format(
        at=moment(one.at), by=one.by, what=one.words
    )


def watch() -> None:
    """For every page that is drawn: who works in it, or has it on the projector, stays signed in."""
    if is_together():
        room.script(f"{{const ACTIVE = '{lock.ACTIVE}', SHOWN = {str(room.is_on()).lower()};{_script()}}}")


@cache
def _script() -> str:
    return Path(__file__).with_name("work.js").read_text("utf-8")
