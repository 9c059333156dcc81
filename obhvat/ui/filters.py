"""The filters every page has in one place: they live in the address, so a view can be sent as a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from obhvat.disclosure import Audience, Disclosure
from obhvat.language import LANGUAGES, N_, _, speaking
from obhvat.people import Viewer
from obhvat.people.keeping import forgotten_words
from obhvat.periods import MONTH_NAMES, Kind, Period, month_name, term_of
from obhvat.scope import Scope, institutions, names_of
from obhvat.scope.days import default_period, school_years
from obhvat.store import Store
from obhvat.texts import capitalized, within
from obhvat.ui import place_filters
from obhvat.ui.people import lock, rights
from obhvat.ui.place_filters import ALL_SCHOOLS
from obhvat.ui.session import viewer
from obhvat.ui.widgets import html

_MEMBERS, INSIDE = N_("За членовете"), N_("Вътрешен")
AUDIENCES: dict[str, Audience] = {_MEMBERS: "members", N_("За пресата"): "press", INSIDE: "internal"}
_KEYS = ("municipality", "school", "year", "period", "day", "audience")
_KEPT, _PAGE = "filters", "filters-page"
INSIDE_BY_HAND, _WANTED, _OUTSIDE = "inside-by-hand", "wanted-inside", "kept-outside"
"""Whether a person turned this session to the internal view, whether one wants it and is asked a question first, and
why the view is another though it was asked for, one of _WHY_OUTSIDE."""
_WHY_OUTSIDE = {
    "address": N_("Вътрешният изглед не се отваря с адрес. Ако трябва, изберете горе „Вътрешен“."),
    "seen": N_(
        "Остава изгледът за членовете, докато екранът се вижда от други. За вътрешния завъртете екрана или спрете "
        "прожектора и споделянето, после пак изберете горе „Вътрешен“."
    ),
    "not answered": "",
}
_PARTS: dict[str, tuple[Kind, int]] = {
    N_("I срок"): ("term", 1),
    N_("II срок"): ("term", 2),
    N_("Лято"): ("summer", 0),
    N_("Цялата година"): ("year", 0),
    **{MONTH_NAMES[m].capitalize(): ("month", m) for m in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)},
}


@dataclass(frozen=True)
class View:
    """What is chosen: a period, a scope, and who is looking."""

    period: Period
    scope: Scope
    institutions: pd.DataFrame
    """All institutions of the oblast in the period: code, name, municipality, settlement, kind, level."""
    disclosure: Disclosure
    """What who is looking may see."""
    viewer: Viewer
    """Who is looking: rows of children are asked for by them."""
    day: date | None = None
    """The day that how things stand is told for; None for the end of the period, or of what is known."""

    @property
    def today(self) -> date:
        """The day it is looked from: the chosen one, else today."""
        return self.day or self.scope.moment.date()

    @property
    def is_inside(self) -> bool:
        return self.disclosure.is_inside

    @property
    def is_press(self) -> bool:
        return self.disclosure.is_press

    @property
    def municipalities(self) -> list[str]:
        """By number of schools, the largest first."""
        return list(self.institutions["municipality"].value_counts().index)

    @property
    def place(self) -> str:
        """The chosen place in words."""
        if self.scope.school:
            return self.name_of(self.scope.school)
        return (
            _("община {municipality}").format(municipality=self.scope.municipality)
            if self.scope.municipality
            else _("областта")
        )

    @property
    def opening(self) -> str:
        """When and where, as a sentence begins: „През I срок на 2023/2024 г. в община Горун“."""
        return f"{capitalized(self.period.during)} {within(self.place)}"

    @property
    def heading(self) -> str:
        """The chosen place as the beginning of a sentence."""
        return capitalized(self.place)

    @property
    def is_narrow(self) -> bool:
        """Whether only a part of the oblast is looked at."""
        return bool(self.scope.municipality or self.scope.school)

    @cached_property
    def _names(self) -> dict[str, str]:
        return names_of(self.institutions)

    def name_of(self, code: str) -> str:
        """The institution's name with its settlement, or its code when it is not in the register."""
        return self._names.get(code, _("институция {code}").format(code=code))

    @cached_property
    def _labels(self) -> dict[str, str]:
        rows = self.institutions[["code", "name", "settlement"]].itertuples(index=False, name=None)
        return {code: f"{name}, {settlement} · {code}" for code, name, settlement in rows}

    def label_of(self, code: str) -> str:
        """A school as the filter „Училище“ names it, or all schools when it is not in the register."""
        return self._labels.get(code, ALL_SCHOOLS)


def choose_place(store: Store, period: Period) -> View:
    """Draw the filters of a page that has a period of its own: the municipality and who is looking."""
    keys, kept = ("municipality", "audience"), st.session_state.get(_KEPT, {})
    for key in keys:
        # A part of the page without them leaves them behind, as a link of the menu does.
        if key in kept and key not in st.session_state and key not in st.query_params:
            st.query_params[key] = st.session_state[key] = kept[key]
    now = store.now()
    registered = institutions(store, period, Scope(known_at=now))
    place, who = st.columns([1, 4.4], vertical_alignment="bottom")
    who_looks = viewer()
    with who:
        audience = _audience(who_looks)
    municipality = place_filters.municipality(place, registered, audience, who_looks)
    others = {key: value for key, value in kept.items() if key not in keys}
    st.session_state[_KEPT] = others | _in_address(keys)
    st.session_state[_PAGE] = _page()
    _say_why(store, audience, who_looks)
    scope = Scope(municipality, place_filters.own_school(audience, who_looks), now)
    return View(period, scope, registered, Disclosure(store, audience, who_looks, scope), who_looks)


def choose(store: Store) -> View:
    """Draw the filters and return what is chosen. Unknown values in an address fall back to the default."""
    _bring_along()
    now = store.now()
    default = default_period(store, now) or term_of(now.date())
    years = school_years(store) or [default.start_year]
    place, school, year, part, on_day, who = st.container(key="filters").columns(
        [0.95, 1.05, 0.78, 0.82, 1.02, 1.9], vertical_alignment="bottom"
    )
    year_labels = [f"{y}/{y + 1}" for y in years]
    chosen_year = year.selectbox(
        _("Учебна година"),
        year_labels,
        index=years.index(default.start_year) if default.start_year in years else 0,
        key="year",
        bind="query-params",
    )
    parts = [*_PARTS]
    chosen_part = part.selectbox(
        _("Период"),
        parts,
        index=[*_PARTS.values()].index((default.kind, default.n)),
        format_func=label_in_address,
        key="period",
        bind="query-params",
    )
    period = period_of(int(str(chosen_year)[:4]), str(chosen_part))
    registered = institutions(store, period, Scope(known_at=now))
    who_looks = viewer()
    with who:
        audience = _audience(who_looks)
    municipality = place_filters.municipality(place, registered, audience, who_looks)
    scope = Scope(municipality, place_filters.school(school, registered, municipality, audience, who_looks), now)
    day = on_day.date_input(
        _("Към дата"),
        None,
        min_value=Period(years[-1], "year").first,
        max_value=datetime.now().date(),
        format="DD.MM.YYYY",
        key="day",
        bind="query-params",
        disabled=audience == "press",
        help=_(
            "Как са стояли нещата в този ден. Празно: последният ден на периода, но не след последното "
            "известно. Случаите по общини се казват за членовете само за краищата на месеците и за дните на "
            "заседанията."
        ),
    )
    st.session_state[_KEPT] = _in_address(_KEYS)
    st.session_state[_PAGE] = _page()
    if gone := forgotten_words(store, period.start_year):
        html.notice("mind", gone)
    looked = day if isinstance(day, date) and audience != "press" else None
    _say_why(store, audience, who_looks)
    return View(period, scope, registered, Disclosure(store, audience, who_looks, scope), who_looks, looked)


def _in_address(keys: Iterable[str]) -> dict[str, Any]:
    """What is chosen in those of the filters that the address holds."""
    return {key: st.session_state[key] for key in keys if key in st.query_params and key in st.session_state}


def _audience(who_looks: Viewer) -> Audience:
    """How it is looked, as far as the role may be shown it: a message from elsewhere may say what was not offered."""
    return who_looks.shown_at_most(_chosen_audience(who_looks))


def _chosen_audience(who_looks: Viewer) -> Audience:
    """An address may ask for the internal view; only a person's click opens it, after a question."""
    if st.session_state.get(_OUTSIDE) and not st.session_state.get(INSIDE_BY_HAND):
        st.session_state["audience"] = _MEMBERS
    offered = [label for label, audience in AUDIENCES.items() if who_looks.shown_at_most(audience) == audience]
    if st.session_state.get("audience") not in offered:
        st.session_state.pop("audience", None)
    label = st.segmented_control(
        _("Изглед"),
        offered,
        default=offered[0],
        format_func=_,
        key="audience",
        bind="query-params",
        required=True,
        on_change=_chosen_by_hand,
    )
    if label != INSIDE or INSIDE not in offered:
        return AUDIENCES.get(str(label), "members")
    if st.session_state.get(INSIDE_BY_HAND):
        if lock.is_open():
            return AUDIENCES[INSIDE]
        st.session_state[INSIDE_BY_HAND], st.session_state[_WANTED] = False, True
    if not st.session_state.get(_WANTED):
        _stay_outside("address")
        st.rerun()
    lock.ask_inside(_open_inside, _stay_outside)
    return "members"


def _chosen_by_hand() -> None:
    wants = st.session_state["audience"] == INSIDE
    opens = lock.opens_inside()
    st.session_state.update({INSIDE_BY_HAND: wants and opens, _WANTED: wants and not opens, _OUTSIDE: ""})


def _open_inside() -> None:
    st.session_state.update({INSIDE_BY_HAND: True, _WANTED: False, _OUTSIDE: ""})


def _stay_outside(why: str) -> None:
    """The control goes back to the members when it is drawn for the next time."""
    st.session_state.update({INSIDE_BY_HAND: False, _WANTED: False, _OUTSIDE: why})


def _say_why(store: Store, audience: Audience, who_looks: Viewer) -> None:
    """Why the internal view is shown, or why it is not."""
    if audience == "internal":
        html.show(rights.why(store, who_looks))
    elif why := _WHY_OUTSIDE[st.session_state.get(_OUTSIDE) or "not answered"]:
        html.quiet(_(why))
    elif audience == "members" and who_looks.role.place != "oblast" and who_looks.sees_children:
        html.quiet(_("Своите числа под 5, случаи и деца виждате, като изберете горе „Вътрешен“."))


def is_inside() -> bool:
    """Whether a person turned this session to the internal view: for pages that have no filters."""
    return bool(st.session_state.get(INSIDE_BY_HAND)) and viewer().sees_children and lock.is_open()


def forget_audience() -> None:
    """Back to the members' view: what was chosen for one's own eyes does not come back after a projection."""
    st.session_state.get(_KEPT, {}).pop("audience", None)
    for key in ("audience", INSIDE_BY_HAND, _WANTED, _OUTSIDE):
        st.session_state.pop(key, None)
    lock.forget_screen()


def take_along(**chosen: str) -> None:
    """Choose for the page one is sent to next: everything chosen here goes there with it."""
    st.session_state[_KEPT] = {**st.session_state.get(_KEPT, {}), **chosen}


def came_back() -> bool:
    """Whether a person went back or forward: the address says all."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def restore_address() -> None:
    """Choose what the address says when a person came back to it. Streamlit drops of it what the filters of the page
    that was left are bound to, though the other page has the same."""
    context = get_script_run_ctx()
    if context is None or not came_back():
        return
    address = parse_qs(context.query_string, keep_blank_values=True)
    if dropped := address.keys() - st.query_params.keys():
        for key in dropped:
            st.query_params[key] = address[key]
        with context.session_state.query_params() as params:
            params.set_initial_query_params(context.query_string)


def _page() -> str:
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def label_in_address(value: str) -> str:
    """An option of a filter in the language of who is looking, as Streamlit writes it into the address, too."""
    kind, n = _PARTS.get(value, ("year", 0))
    return capitalized(month_name(n)) if kind == "month" else _(value)


def read_in_either_language(key: str, options: Iterable[str], label: Callable[[str], str] = _) -> None:
    """Before a filter is drawn: an address that was written in the other language, where an option had another
    `label`, means the same."""
    written = st.query_params.get(key)
    if written is None or key in st.session_state:
        return
    options, meant = [*options], dict[str, str]()
    for language in LANGUAGES:
        with speaking(language):
            meant |= {label(option): option for option in options}
    if written in meant and (said := label(meant[written])) != written:
        st.query_params[key] = said
        st.session_state[key] = meant[written]


def _bring_along() -> None:
    """What was chosen on another page: a link of the menu leaves the address's parameters behind."""
    read_in_either_language("period", _PARTS, label_in_address)
    read_in_either_language("audience", AUDIENCES)
    if came_back() or st.session_state.get(_PAGE) == _page() or any(key in st.query_params for key in _KEYS):
        return
    for key, value in st.session_state.get(_KEPT, {}).items():
        st.query_params[key] = value.isoformat() if isinstance(value, date) else label_in_address(value)
        st.session_state[key] = value


def period_of(start_year: int, label: str) -> Period:
    """The period a label of the filter means in a school year."""
    return Period(start_year, *_PARTS[label])
