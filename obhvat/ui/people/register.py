"""The register of people as a page shows it: who is in it on a day, and what was changed."""

from __future__ import annotations

from datetime import date

import streamlit as st

from obhvat.language import B_, _, ngettext
from obhvat.people import ROLES, Viewer, register
from obhvat.people.register import Person
from obhvat.store import Store
from obhvat.texts import counted, day, moment
from obhvat.ui.session import is_together, viewer
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

COMMAND = "obhvat serve --together"
_SAID = "said-of-people"
_MOST_CHANGES = 200


def acts() -> Viewer:
    """Who changes the register: who is signed in; where nobody signs in, who works alone prepares it."""
    who = viewer()
    return who if is_together() else register.without_signing_in(who.person, B_("без вход"))


def say(words: str) -> None:
    """Draw the page anew, with what was done above it."""
    st.session_state[_SAID] = words
    st.rerun()


def show(store: Store) -> None:
    """Who is in the register, today or on another day, and what each may."""
    today = store.now().date()
    line = st.container()
    if said := st.session_state.pop(_SAID, ""):
        html.notice("good", said)
    if not is_together():
        html.notice(
            "",
            _(
                "Тук се записва кой какво ще вижда, когато програмата се пусне за много хора с „{command}“: тогава "
                "всеки влиза с парола или служебен адрес. Засега никой не влиза и регистърът не ограничава никого."
            ).format(command=COMMAND),
        )
    with st.container(width=260):
        chosen = st.date_input(_("Кой какво право има на дата"), today, format="DD.MM.YYYY", key="register-day")
    on = chosen if isinstance(chosen, date) else today
    people = register.people(store, on)
    ahead = register.rights_after(store, on) if on == today else {}
    with line:
        _sentence(people, ahead, on, is_today=on == today)
    if people or ahead:
        html.show(_table(people, ahead, is_today=on == today))


def _sentence(people: list[Person], ahead: dict[Viewer, date], on: date, *, is_today: bool) -> None:
    names = {person.name for person in people} | {right.person for right in ahead}
    if not names:
        words = _("В регистъра още няма никого.") if is_today else _("На {on} в регистъра няма никого.")
        html.lead(words.format(on=day(on)))
        html.quiet(_("Започнете с администратор на хората: без него после никой няма да може да добавя други."))
        return
    have = sum(bool(person.rights) for person in people)
    if not is_today:
        words = ngettext("На {on} право на достъп има ", "На {on} право на достъп имат ", have).format(on=day(on))
        html.lead(words, bold(counted(have, "човек")), ".")
        return
    words = ngettext("Право на достъп днес има ", "Право на достъп днес имат ", have)
    html.lead(words, bold(counted(have, "човек")), ".")
    closed = sum(bool(person.rights) and not person.signs_in for person in people)
    others = [
        _("още не могат да влязат: {n}").format(n=closed) if closed else "",
        _("без право днес: {n}").format(n=len(names) - have) if len(names) > have else "",
    ]
    if any(others):
        all_of_them = _("В регистъра са {people}; ").format(people=counted(len(names), "човек"))
        html.quiet(all_of_them, ", ".join(filter(None, others)), ".")


def _table(people: list[Person], ahead: dict[Viewer, date], *, is_today: bool) -> html.Safe:
    by_name = {person.name: person for person in people}
    rows = []
    for name in sorted({*by_name, *(right.person for right in ahead)}, key=str.casefold):
        person = by_name.get(name)
        held = dict(person.rights) if person else {}
        coming = {right: since for right, since in ahead.items() if right.person == name}
        for n, (right, since) in enumerate([*held.items(), *coming.items()] or [(None, None)]):
            rows.append(
                (
                    bold(name) if n == 0 else tag("span", name, css="quiet"),
                    *_cells(right, since, person.until.get(right) if person and right else None),
                    *(_signing_in(person) if n == 0 else ("", ""))[: 2 * is_today],
                )
            )
    captions = [_("Кой"), _("Роля"), _("За"), _("От"), _("До")]
    return html.table([*captions, *([_("Влиза с"), _("Последно влизане")] if is_today else [])], rows)


def _cells(right: Viewer | None, since: date | None, until: date | None) -> tuple[object, ...]:
    if right is None or since is None:
        return (tag("span", _("без право"), css="quiet"), "–", "–", "–")
    return (_(right.role.name), place_words(right), day(since), day(until) if until else _("без край"))


def place_words(right: Viewer) -> str:
    """What of the oblast a right gives."""
    return right.given or _("цялата област")


def _signing_in(person: Person | None) -> tuple[object, object]:
    if person is None:
        return "–", "–"
    way = person.signs_in or tag("span", _("още с нищо"), css="quiet")
    return way, moment(person.seen_at) if person.seen_at else _("никога")


def right_words(right: Viewer) -> str:
    """„Координатор на община – Горун“."""
    role = _(right.role.name)
    return f"{role} – {right.given}" if right.given else role


def history(store: Store) -> None:
    """Every change, the newest first."""
    rows = register.changes(store)
    if rows.empty:
        html.quiet(_("Още нищо не е променяно."))
        return
    told = [
        (
            moment(row["entered_at"].to_pydatetime()),
            row["entered_by"],
            bold(row["person"]),
            _("получава") if row["has"] else _("губи"),
            right_words(Viewer(row["person"], ROLES[row["role"]], row["given"])),
            day(row["since"].date()),
        )
        for row in rows.head(_MOST_CHANGES).to_dict("records")
    ]
    captions = [_("Кога"), _("Кой го е записал"), _("Човек"), _("Промяна"), _("Право"), _("От кой ден")]
    html.show(html.table(captions, told))
    if len(rows) > _MOST_CHANGES:
        html.quiet(_("По-старите са в „{command}“.").format(command="obhvat people list --history"))
