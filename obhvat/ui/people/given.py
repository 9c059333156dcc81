"""Giving, changing and ending a right, as a page asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.people import ROLES, Role, Viewer, register
from obhvat.people.places import places_of, right_words
from obhvat.store import Store
from obhvat.texts import day
from obhvat.ui.people import rights
from obhvat.ui.people.register import say
from obhvat.ui.widgets import html

_DRAWN = "people-drawn"


def give(store: Store, by: Viewer) -> None:
    """Invite a person, or give one another right."""
    today, drawn = store.now().date(), st.session_state.setdefault(_DRAWN, 0)
    who, which, of, since, until = st.columns([1.5, 1.6, 1.6, 1, 1], vertical_alignment="bottom")
    name = who.text_input(
        _("Име за влизане"),
        key=f"person-{drawn}",
        placeholder=_("име, длъжност или служебен адрес"),
        autocomplete="off",
        help=_("С него човекът влиза и то стои до записите му. Който вече е в регистъра, получава още едно право."),
    )
    with which:
        role = _role(f"give-role-{drawn}")
    with of:
        place = _place(store, role, "give-place")
    first = since.date_input(_("От кой ден"), today, min_value=today, format="DD.MM.YYYY", key=f"give-since-{drawn}")
    last = until.date_input(
        _("До (последен ден)"), None, min_value=today, format="DD.MM.YYYY", key=f"give-until-{drawn}"
    )
    if role:
        html.quiet(rights.in_short(role))
    if not st.button(_("Дай право"), type="primary", key="give"):
        return
    try:
        if not role:
            raise ObhvatError(_("Изберете роля."))
        kept = register.give(store, Viewer(name, role, place), by, _day(first), until=_day(last))
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    st.session_state[_DRAWN] = drawn + 1
    say(
        _("„{person}“ от {since} има право: {right}. Парола или адрес за влизане се дава в „Парола и адрес“.").format(
            person=kept.person, right=right_words(store, kept), since=day(_day(first) or today)
        )
    )


def change_or_end(store: Store, by: Viewer) -> None:
    """End one of somebody's rights, or give another in its place."""
    today = store.now().date()
    ahead = register.rights_after(store, today)
    held = {
        f"{right.person}: {right_words(store, right)}": right for right in [*register.rights_on(store, today), *ahead]
    }
    if not held:
        html.quiet(_("Още никой няма право."))
        return
    which, what, since = st.columns([2.6, 1.6, 1], vertical_alignment="bottom")
    # Of nobody before one is chosen, and after each change: a click too many would end the next one's.
    drawn = st.session_state.setdefault(_DRAWN, 0)
    chosen = which.selectbox(_("Чие право"), [*held], None, placeholder=_("изберете"), key=f"held-{drawn}")
    if chosen is None:
        return
    right = held[chosen]
    ends, changes = _("Прекрати"), _("Смени с друго")
    act = what.segmented_control(_("Какво"), [ends, changes], default=ends, required=True, key=f"held-act-{drawn}")
    least = max(today, ahead.get(right, today))
    first = since.date_input(
        _("От кой ден"),
        least,
        min_value=least,
        format="DD.MM.YYYY",
        key=f"held-since-{least}-{right_words(store, right)}",
    )
    to: Viewer | None = right
    if act == changes:
        new, of, _unused = st.columns([2.6, 1.6, 1], vertical_alignment="bottom")
        with new:
            role = _role(f"held-role-{drawn}")
        with of:
            place = _place(store, role, f"held-place-{drawn}")
        to = Viewer(right.person, role, place) if role else None
        if role:
            html.quiet(rights.in_short(role))
    if not st.button(act or ends, type="primary", key="held-do", disabled=not act):
        return
    try:
        if to is None:
            raise ObhvatError(_("Изберете роля."))
        if act == changes:
            to = register.change(store, right, to, by, _day(first))
        else:
            register.end(store, right, by, _day(first))
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    st.session_state[_DRAWN] = drawn + 1
    if act == changes:
        words = _("„{person}“ от {since} има право: {right}, вместо {was}.")
    else:
        words = _("„{person}“ от {since} няма право „{right}“. Остава в историята.")
    say(
        words.format(
            person=right.person,
            right=right_words(store, to),
            was=right_words(store, right),
            since=day(_day(first) or today),
        )
    )


def _role(key: str) -> Role | None:
    """None until one is chosen: a right is given on purpose."""
    chosen = st.selectbox(
        _("Роля"),
        [*ROLES],
        format_func=lambda role: _(ROLES[role].name),
        index=None,
        placeholder=_("изберете"),
        key=key,
    )
    return ROLES[chosen] if chosen else None


def _place(store: Store, role: Role | None, key: str) -> str:
    """Of which place; empty while there is none to choose."""
    if role is None:
        st.selectbox(_("За"), [], disabled=True, placeholder=_("според ролята"), key=f"{key}-any")
        return ""
    places: Mapping[str, str] = places_of(store, role)
    if role.place == "oblast":
        st.selectbox(_("За"), [_("цялата област")], disabled=True, key=f"{key}-oblast")
        return ""
    labels = {"municipality": _("За община"), "school": _("За училище"), "institution": _("За институция")}
    if not places:
        st.selectbox(
            labels[role.place],
            [],
            disabled=True,
            placeholder=_("първо качете регистъра на институциите"),
            key=f"{key}-none",
        )
        return ""
    chosen = st.selectbox(
        labels[role.place],
        [*places],
        format_func=lambda place: places[place],
        index=None,
        placeholder=_("изберете"),
        key=f"{key}-{role.place}",
    )
    return chosen or ""


def _day(chosen: object) -> date | None:
    return chosen if isinstance(chosen, date) else None
