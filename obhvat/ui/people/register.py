"""The register of people as a page shows it: who is in it on a day, and what was changed."""

from __future__ import annotations

from datetime import date

import streamlit as st

from obhvat.language import B_, _, ngettext
from obhvat.people import ROLES, Viewer, register
from obhvat.people.places import place_words, right_words
from obhvat.people.register import Person
from obhvat.store import Store
from obhvat.texts import counted, day, ended, moment
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


def sentence(store: Store) -> None:
    """How many have access today; what was just done; what the page is for while nobody signs in."""
    people = register.people(store, store.now().date())
    if not people:
        html.lead(_("В регистъра още няма никого."))
        note = _("Започнете с администратор на хората: без него после никой няма да може да добавя други.")
    else:
        have = sum(bool(person.rights) for person in people)
        words = ngettext("Право на достъп днес има ", "Право на достъп днес имат ", have)
        html.lead(words, bold(counted(have, "човек")), ".")
        closed = sum(bool(person.rights) and not person.signs_in for person in people)
        others = [
            _("В регистъра са {people}").format(people=counted(len(people), "човек")),
            _("още не могат да влязат: {n}").format(n=closed) if closed else "",
            _("без право днес: {n}").format(n=len(people) - have) if len(people) > have else "",
        ]
        # In the first sentence already, where it is all.
        note = ended("; ".join(filter(None, others))) if any(others[1:]) or not is_together() else ""
    if is_together():
        if note:
            html.quiet(note)
    else:
        html.quiet(
            note,
            " ",
            _(
                "Тук се записва кой какво ще вижда, когато програмата се пусне за много хора с „{command}“: тогава "
                "всеки влиза с парола или служебен адрес. Засега никой не влиза и регистърът не ограничава никого."
            ).format(command=COMMAND),
        )
    # Always there: where what is above the tabs moves, the first of them opens again.
    with st.container():
        if said := st.session_state.pop(_SAID, ""):
            html.notice("good", said)


def show(store: Store) -> None:
    """Who is in the register and what each may, today or on another day."""
    today = store.now().date()
    with st.container(width=260):
        chosen = st.date_input(_("Кой какво право има на дата"), today, format="DD.MM.YYYY", key="register-day")
    on = chosen if isinstance(chosen, date) else today
    people = register.people(store, on)
    if not people:
        html.quiet(_("До {on} в регистъра няма никого.").format(on=day(on)))
        return
    html.show(tag("div", _table(store, people, on, is_today=on == today), css="people"))


def _table(store: Store, people: list[Person], on: date, *, is_today: bool) -> html.Safe:
    ahead = register.rights_after(store, on) if is_today else {}
    rows = []
    for person in sorted(people, key=lambda person: person.name.casefold()):
        coming = {right: since for right, since in ahead.items() if right.person == person.name}
        rights = [
            (_(right.role.name), _place(store, right), day(since), _until(person, right))
            for right, since in [*person.rights.items(), *coming.items()]
        ] or [(tag("span", _("без право"), css="quiet"), "–", "–", "–")]
        for n, cells in enumerate(rights):
            name = tag("span", person.name, css="quiet") if n else bold(person.name)
            signing_in = (("", "") if n else _signing_in(person)) if is_today else ()
            rows.append((name, *cells, *signing_in))
    captions = [_("Кой"), _("Роля"), _("За"), _("От кой ден"), _("До кой ден")]
    return html.table([*captions, *([_("Влиза с"), _("Последно влизане")] if is_today else [])], rows)


def _place(store: Store, right: Viewer) -> str:
    return place_words(store, right) or _("цялата област")


def _until(person: Person, right: Viewer) -> str:
    return day(person.until[right]) if right in person.until else _("без край")


def _signing_in(person: Person) -> tuple[object, object]:
    way = person.signs_in or tag("span", _("още с нищо"), css="quiet")
    return way, moment(person.seen_at) if person.seen_at else _("никога")


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
            right_words(store, Viewer(row["person"], ROLES[row["role"]], row["given"])),
            day(row["since"].date()),
        )
        for row in rows.head(_MOST_CHANGES).to_dict("records")
    ]
    captions = [_("Кога"), _("Кой го е записал"), _("Човек"), _("Промяна"), _("Право"), _("От кой ден")]
    html.show(html.table(captions, told))
    if len(rows) > _MOST_CHANGES:
        html.quiet(_("По-старите са в „{command}“.").format(command="obhvat people list --history"))
