"""In the corner of every page: who is signed in, in which role, and the way out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from obhvat.language import _, pgettext
from obhvat.people import signed_in
from obhvat.people.places import right_words
from obhvat.people.signing_in import has_password
from obhvat.ui import room
from obhvat.ui.people import lock
from obhvat.ui.session import is_together, open_store, token, viewer
from obhvat.ui.signing.pages import PASSWORD, ROLE, SIGN_OUT
from obhvat.ui.widgets.html import Safe, tag


def who() -> Safe | str:
    """The person's name, folded: the role, another one for who has several, and out. Empty alone."""
    if not is_together():
        return ""
    acts, store = viewer(), open_store()
    others = len(signed_in.rights_of(store, token())) > 1
    return tag(
        "details",
        tag("summary", acts.person),
        tag(
            "div",
            tag("p", right_words(store, acts)),
            tag("p", tag("a", _("Смени ролята"), href=ROLE, target="_self")) if others else "",
            tag("p", tag("a", _("Смяна на паролата"), href=PASSWORD, target="_self"))
            if has_password(store, acts.person)
            else "",
            tag("form", tag("button", pgettext("signing", "Изход"), type="submit"), method="post", action=SIGN_OUT),
        ),
        css="who",
    )


def watch() -> None:
    """For every page that is drawn: who works in it, or has it on the projector, stays signed in."""
    if is_together():
        room.script(f"{{const ACTIVE = '{lock.ACTIVE}', SHOWN = {str(room.is_on()).lower()};{_script()}}}")


@cache
def _script() -> str:
    return Path(__file__).with_name("work.js").read_text("utf-8")
