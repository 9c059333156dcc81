"""One-time passwords, shown once, and the addresses that providers of accounts know people by."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.people import Viewer, register
from obhvat.people.means import DAYS, Given, given
from obhvat.people.signing_in import ONE_TIME, one_time_password, set_address
from obhvat.store import Store
from obhvat.texts import counted, moment, out_of
from obhvat.ui.people.register import say
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_MOST = 100


def show(store: Store, by: Viewer) -> None:
    """Of one person: how they sign in, a new one-time password, the address."""
    today = store.now().date()
    people = {person.name: person for person in register.people(store, today)}
    if not people:
        html.quiet(_("В регистъра още няма никого. Първо дайте право."))
        return
    with st.container(width=420):
        name = st.selectbox(_("Човек"), sorted(people, key=str.casefold), key="entering")
    person = people[name]
    left, right = st.columns(2, gap="large")
    with left:
        html.part(_("Парола"), _("за който влиза с име и парола"))
        state = st.container()
        if st.button(_("Направи еднократна парола"), type="primary", key="one-time"):
            _one_time(store, name, by)
            person = next(person for person in register.people(store, today) if person.name == name)
        has = _("Чака с еднократната парола да се избере своя.") if person.is_one_time else _("Има своя парола.")
        with state:
            html.quiet(has if person.has_password else _("Няма парола."))
        html.quiet(
            _(
                "Досегашната парола спира да важи веднага. Паролата на никого не може да се види, и от администратора: "
                "който я е забравил, получава нова еднократна и при влизането избира своя."
            )
        )
    with right:
        html.part(_("Адрес"), _("за който влиза със служебния си профил, напр. на МОН или на училището"))
        with st.form("address", border=False), st.container(width=420):
            address = st.text_input(
                _("Служебен електронен адрес"),
                person.address,
                key=f"address-{name}",
                autocomplete="off",
                placeholder="ime@ruo.bg",
            )
            sent = st.form_submit_button(_("Запази адреса"))
        html.quiet(_("Празно: не влиза с адрес. Когато името за влизане само е адрес, тук не се пише нищо."))
        if sent:
            _set_address(store, name, address, by)
    html.part(_("Кой на кого е дал парола или адрес"), _("през последните {days}").format(days=counted(DAYS, "ден")))
    html.quiet(
        _(
            "Който има чужда парола или адрес, вижда каквото вижда човекът. Затова всичко тук остава в записа кой "
            "какво е гледал: човекът го вижда до името си горе вдясно, а експертите от РУО – на страница „Данни“."
        )
    )
    show_given(given(store, store.now()))


def show_given(means: Sequence[Given]) -> None:
    """When who gave whom a one-time password or an address."""
    if not means:
        html.quiet(_("Няма."))
        return
    rows = [(moment(one.at), one.by, bold(one.person), one.words) for one in means[:_MOST]]
    html.show(html.table([_("Кога"), _("Кой го е дал"), _("На кого"), _("Какво")], rows))
    if len(means) > _MOST:
        html.quiet(_("Показани са последните {shown}; всички са в записа.").format(shown=out_of(_MOST, len(means))))


def _one_time(store: Store, name: str, by: Viewer) -> None:
    try:
        words = one_time_password(store, name, by)
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    until = moment(store.now() + ONE_TIME)
    html.notice(
        "good",
        _("Еднократна парола на „{name}“:").format(name=name),
        tag("p", words, css="dictated", translate="no"),
        _("Показва се само сега и важи {days}, до {until}. Продиктувайте я или я предайте лично.").format(
            days=counted(ONE_TIME.days, "ден"), until=until
        ),
    )


def _set_address(store: Store, name: str, address: str, by: Viewer) -> None:
    try:
        set_address(store, name, address, by)
    except ObhvatError as error:
        html.notice("act", str(error))
        return
    words = _("„{name}“ влиза с адрес „{address}“.") if address.strip() else _("„{name}“ вече не влиза с адрес.")
    say(words.format(name=name, address=address.strip().lower()))
