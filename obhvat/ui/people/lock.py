"""What asks for the PIN: the one place that knows whether this browser is unlocked.

A browser is unlocked by the PIN until it has been quiet for a while, it is locked or it enters the room. Without a PIN
nothing is locked, and the internal view asks once a session whether others see the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import time
from urllib.parse import quote

import streamlit as st

from obhvat.errors import NotAllowed, ObhvatError
from obhvat.language import N_, _
from obhvat.people import Action, pin
from obhvat.people.log import looked
from obhvat.people.secret import WrongSecret
from obhvat.texts import counted
from obhvat.ui import room
from obhvat.ui.session import asked_later, is_together, open_store, store_path, viewer
from obhvat.ui.widgets import html

LOCK, ACTIVE = "/lock", "/active"
"""Addresses of the server: the first locks the browser that goes there, the second hears that it is worked in."""
GUARDED = frozenset({"meeting", "upload", "data_status", "settings", "people"})
"""Pages that write or give files away whatever the audience."""
QUIET_MINUTES = 15
_active: dict[str, float] = {}
"""Browsers that are unlocked, and when each was last worked in, in seconds."""
_ACTIVE, _UNSEEN = "unlocked", "screen-unseen"
_PIN, _NOT_SEEN = "pin", "screen-is-not-seen"


def is_set() -> bool:
    """Whether this store has a PIN, which is for who works alone."""
    return not is_together() and pin.is_set(store_path())


def is_open() -> bool:
    """Whether what asks for the PIN is open to this browser: there is no PIN, or it was given not long ago."""
    if not is_set():
        return True
    browser = room.browser()
    return _is_recent(_active.get(browser, 0) if browser else st.session_state.get(_ACTIVE, 0)) and not room.is_on()


def _is_recent(worked_in: float) -> bool:
    # A clock that was put back locks, too.
    return 0 <= time() - worked_in < QUIET_MINUTES * 60


def while_open(action: Action, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What makes a file that is given away to who may do this. It is called when somebody clicks, without the page
    being drawn anew, so it asks for itself whether since then this browser was locked, the right ended or another role
    was taken up."""
    browser, who, who_now = room.browser(), viewer(), asked_later()

    def made() -> bytes:
        if who_now() != who:
            raise NotAllowed(_("Ролята ви е друга, откакто страницата е показана. Презаредете я."))
        who.must(action)
        if browser and is_set() and (room.holds(browser) or not _is_recent(_active.get(browser, 0))):
            raise ObhvatError(_("Заключено е."))
        return make()

    return made


def open_with(given: str) -> None:
    """Unlock this browser. Raises WrongSecret, and leaves it in the log."""
    try:
        pin.try_pin(store_path(), given)
    except WrongSecret:
        looked(open_store(), viewer(), "refused", place=N_("ПИН"))
        raise
    let_in()


def let_in() -> None:
    """Unlock this browser: the PIN was just given, or set."""
    _work_in(room.browser())


def shut() -> None:
    """Lock this browser."""
    shut_browser(room.browser())
    st.session_state.pop(_ACTIVE, None)


def shut_browser(browser: str | None) -> None:
    """The same by its cookie."""
    _active.pop(browser or "", None)


def keep_open(browser: str | None) -> None:
    """Hear that a browser is worked in; one that was quiet for too long stays locked."""
    if _is_recent(_active.get(browser or "", 0)):
        _work_in(browser)


def _work_in(browser: str | None) -> None:
    if browser:
        _active[browser] = time()
    else:
        st.session_state[_ACTIVE] = time()


def watch() -> None:
    """For every page that is drawn: work in it keeps it open, and its browser locks it when nobody does any more."""
    if not is_set() or not is_open():
        # In its place, so that what is under it is not drawn anew when the PIN is set.
        room.script("")
        return
    _work_in(room.browser())
    said = f"const LOCK = '{LOCK}', ACTIVE = '{ACTIVE}', QUIET = {QUIET_MINUTES * 60_000};"
    room.script(f"{{{said}{_script()}}}")


@cache
def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text("utf-8")


def where_to_lock() -> html.Safe | str:
    """A link that locks; empty while there is nothing to lock."""
    if not is_set() or not is_open():
        return ""
    return html.tag("a", _("Заключи"), href=LOCK, target="_self", css="lock")


def way_back(then: str) -> str:
    """The address of our own that a locked browser goes back to."""
    # What is written in percents is already: once more, and „Горун“ would be asked for by another name.
    return quote("/" + then.lstrip("/\\"), safe="/?=&%+")


def ask() -> None:
    """In the place of a page: the question for the PIN."""
    html.lead(_("Заключено е."))
    html.quiet(_("Тази страница записва или дава файлове, затова иска ПИН. Другите се гледат и без него."))
    with st.container(width=420):
        _form(st.rerun)


def ask_inside(opened: Callable[[], None], stayed: Callable[[str], None]) -> None:
    """Before the internal view: the PIN where there is one, else whether others see the screen. One of the two is
    called by what is answered, `stayed` with „seen“ or „not answered“."""
    title = _("Вътрешният изглед е заключен") if is_set() else _("Екранът вижда ли се от други?")

    @st.dialog(title, on_dismiss=lambda: stayed("not answered"))
    def asked() -> None:
        if is_set():
            _form(lambda: _and_rerun(opened))
            return
        html.show(html.tag("p", _("Вътрешният изглед показва случаи и ученици поотделно.")))
        bar = st.container(horizontal=True, gap="small")
        if bar.button(_("Не"), type="primary", key=_NOT_SEEN):
            st.session_state[_UNSEEN] = True
            _and_rerun(opened)
        if bar.button(_("Да"), key="screen-is-seen", help=_("Или клавиш Esc: остава изгледът за членовете.")):
            _and_rerun(lambda: stayed("seen"))
        _focus(f".st-key-{_NOT_SEEN} button")

    asked()


def _and_rerun(then: Callable[[], None]) -> None:
    then()
    st.rerun()


def opens_inside() -> bool:
    """Whether the internal view opens without a question."""
    return is_open() if is_set() else bool(st.session_state.get(_UNSEEN))


def forget_screen() -> None:
    """Ask again whether others see it: after a projection they may."""
    st.session_state.pop(_UNSEEN, None)


def _focus(element: str) -> None:
    """Let the keyboard answer at once: a dialog takes the focus to itself when it has come."""
    room.script(
        f"""{{
        let tries = 30;
        const focus = () => {{
            const wanted = document.querySelector('{element}');
            if (wanted && document.activeElement === wanted || !tries--) return;
            wanted?.focus();
            setTimeout(focus, 100);
        }};
        focus();
        }}"""
    )


def _form(opened: Callable[[], None]) -> None:
    with st.form("unlock", border=False, clear_on_submit=True):
        given = st.text_input(
            _("ПИН"), type="password", key=_PIN, autocomplete="off", placeholder=_("цифрите на вашия ПИН")
        )
        sent = st.form_submit_button(_("Отключи"), type="primary")
    _focus(f".st-key-{_PIN} input")
    html.quiet(
        _("Заключва се само след {minutes} без работа и при режим за залата.").format(
            minutes=counted(QUIET_MINUTES, "минута")
        )
    )
    if not sent:
        return
    try:
        open_with(given or "")
    except ObhvatError as error:
        html.notice("act", str(error))
    else:
        opened()
