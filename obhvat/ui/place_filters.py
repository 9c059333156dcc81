"""The filters of the place: a municipality and a school of it; for who has one place, that one and no other."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from obhvat.disclosure import Audience
from obhvat.language import N_, _
from obhvat.people import Viewer

WHOLE_OBLAST = N_("Цялата област")
ALL_SCHOOLS = N_("Всички училища")


def municipality(column: DeltaGenerator, registered: pd.DataFrame, audience: Audience, who_looks: Viewer) -> str | None:
    """The municipality that is looked at. Who has one place is shown it in a box that asks for nothing and whose
    answer is not read: neither an address nor a message can say another."""
    if who_looks.role.place in ("municipality", "school") and audience != "press":
        home = who_looks.given
        if who_looks.role.place == "school":
            home = next(iter(registered.loc[registered["code"] == home, "municipality"]), "–")
        _show_own(column, _("Община"), home, "municipality")
        return home if who_looks.role.place == "municipality" else None
    municipalities = sorted(registered["municipality"].unique())
    chosen = column.selectbox(
        _("Община"),
        [WHOLE_OBLAST, *municipalities],
        format_func=_,
        key="municipality",
        bind="query-params",
        disabled=audience == "press",
    )
    return chosen if chosen in municipalities and audience != "press" else None


def school(
    column: DeltaGenerator,
    registered: pd.DataFrame,
    municipality: str | None,
    audience: Audience,
    who_looks: Viewer,
) -> str | None:
    """The same of the school."""
    inside = registered[registered["municipality"] == municipality] if municipality else registered
    columns = inside[["name", "settlement", "code"]].itertuples(index=False, name=None)
    labels = {f"{name}, {settlement} · {code}": code for name, settlement, code in columns}
    if own := own_school(audience, who_looks):
        label = next((label for label, code in labels.items() if code == own), own)
        _show_own(column, _("Училище"), label, "school")
        return own
    chosen = column.selectbox(
        _("Училище"),
        [ALL_SCHOOLS, *labels],
        format_func=_,
        key="school",
        bind="query-params",
        disabled=audience == "press",
    )
    return labels.get(str(chosen)) if audience != "press" else None


def _show_own(column: DeltaGenerator, caption: str, place: str, key: str) -> None:
    st.query_params.pop(key, None)
    column.selectbox(caption, [place], key=f"own-{key}", disabled=True)


def own_school(audience: Audience, who_looks: Viewer) -> str | None:
    return who_looks.given if who_looks.role.place == "school" and audience != "press" else None
