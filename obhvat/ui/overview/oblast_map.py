"""A figure of choice on the map of the municipalities."""

from __future__ import annotations

import streamlit as st

from obhvat.charts import Patch
from obhvat.language import _
from obhvat.metrics import Figure, figure, metric
from obhvat.store import Store
from obhvat.ui.filters import View, read_in_either_language
from obhvat.ui.widgets import html
from obhvat.ui.widgets.map import municipalities_map

MAP_METRICS = (
    "cases_in_work",
    "schools_inspected",
    "pupils_over_threshold",
    "unexcused_per_pupil",
    "submissions",
)


def show(store: Store, view: View) -> None:
    """The box that chooses the figure, and the map."""
    read_in_either_language("map", MAP_METRICS, _name)
    chosen = st.selectbox(
        _("Карта по общини"),
        MAP_METRICS,
        format_func=_name,
        key="map",
        bind="query-params",
    )
    whole = figure(store, chosen or MAP_METRICS[0], view.period, view.scope.of_oblast, view.day)
    shown = view.disclosure.places(whole)
    depths = _depths(whole, [name for name, of in shown.items() if of.value is not None])
    patches = [
        Patch(name, shown[name].text, depths.get(name), name == view.scope.municipality)
        for name in view.municipalities
        if name in shown
    ]
    if not patches:
        html.quiet(_("Няма качен регистър на институциите."))
        return
    key = f"map-{view.scope.municipality}-{whole.metric.id}"
    name = whole.metric.name
    municipalities_map(patches, key, _("Карта на общините, {name}").format(name=name.lower()), name, view)


def _name(metric_id: str) -> str:
    return metric(metric_id).name


def _depths(whole: Figure, shown: list[str]) -> dict[str, float]:
    """How dark each municipality is that is shown, below 1. Shares that are goals as they are, others against the
    largest of those: against a hidden one they would say how many it has."""
    parts = whole.by("municipality").set_index("municipality").loc[shown]
    values = parts["value"]
    if whole.metric.kind == "share":
        values = (parts["n"] / parts["d"].where(parts["d"] > 0)).fillna(0.0)
        if not whole.metric.children:
            return values.clip(upper=0.999).to_dict()
    return (values / (float(values.max()) or 1.0) * 0.999).to_dict()
