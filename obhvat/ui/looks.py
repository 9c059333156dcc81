"""What a page writes of who looked before it shows a child, and «Кой е гледал»."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from obhvat.language import BULGARIAN, _, speaking
from obhvat.people import ROLES
from obhvat.people.log import WHAT, Look, What, log_of, looked
from obhvat.store import Store
from obhvat.texts import counted
from obhvat.ui.filters import View
from obhvat.ui.widgets import html

_SHOWN = 50


def place_of(view: View) -> str:
    """The place that is looked at, as the log has it, in whatever language it is looked at."""
    with speaking(BULGARIAN):
        return view.place


def saw(
    store: Store,
    view: View,
    what: What,
    *,
    cases: Iterable[str] = (),
    children: Iterable[int] = (),
    place: str | None = None,
    n: int | None = None,
) -> None:
    """Write that who is looking sees these cases and children now, as `looked`; those that are missing are left out.
    Nothing is written of no case and no child, unless `n` says how many there are."""
    numbers = sorted({str(number) for number in cases if not pd.isna(number)})
    pseudonyms = sorted({int(child) for child in children if not pd.isna(child)})
    if numbers or pseudonyms or n:
        where = place_of(view) if place is None else place
        looked(store, view.viewer, what, cases=numbers, children=pseudonyms, place=where, n=n)


def who_looked(store: Store, view: View, key: str, *, cases: Sequence[str] = (), children: Sequence[int] = ()) -> None:
    """«Кой е гледал» a case or a child: in one click, for who may see the log. Read only when it is opened."""
    if not view.viewer.may("log"):
        return
    with _opened(key) as opened:
        if opened.open:
            _show(log_of(store).looks(cases=cases, children=children))


def who_looked_at_lists(store: Store, view: View, key: str, kinds: Sequence[What]) -> None:
    """«Кой е гледал» the lists of this place, of some kinds."""
    if not view.viewer.may("log"):
        return
    with _opened(key) as opened:
        if opened.open:
            place = place_of(view)
            _show([look for look in log_of(store).looks() if look.what in kinds and look.place == place])


def looks_table(looks: Sequence[Look]) -> pd.DataFrame:
    """Lines of the log as people read them."""
    return pd.DataFrame(
        {
            _("Кога"): [f"{look.at:%d.%m.%Y %H:%M}" for look in looks],
            _("Кой"): [look.person for look in looks],
            _("В каква роля"): [_(ROLES[look.role].name) if look.role in ROLES else look.role or "–" for look in looks],
            _("Какво"): [_(WHAT.get(look.what, look.what)) for look in looks],
            _("Къде"): [look.place or "–" for look in looks],
            _("Деца или редове"): ["–" if look.n is None else str(look.n) for look in looks],
        }
    )


def _opened(key: str):
    return st.popover(_("Кой е гледал"), icon=":material/visibility:", key=f"who-{key}", on_change="rerun")


def _show(looks: Sequence[Look]) -> None:
    if not looks:
        html.quiet(_("Няма запис: никой не е гледал, откакто се пази."))
        return
    table = looks_table(looks[:_SHOWN])
    html.show(html.table([*table.columns], table.itertuples(index=False, name=None), numbers=[5]))
    if len(looks) > _SHOWN:
        earlier = counted(len(looks) - _SHOWN, "запис")
        html.quiet(_("И още {earlier} по-рано: на страница „Данни“ и с obhvat audit.").format(earlier=earlier))
