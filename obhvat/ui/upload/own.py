"""The own uploads of who has no page of all files, each with a way to undo it."""

from __future__ import annotations

import streamlit as st

from obhvat.datasets import dataset
from obhvat.ingest import undoing
from obhvat.language import _
from obhvat.store import Store
from obhvat.store.history import STATES
from obhvat.texts import moment
from obhvat.ui.session import viewer
from obhvat.ui.shell import pages_of
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, tag

_SHOWN = 20


def show(store: Store) -> None:
    """The newest of them; nothing for who sees every file in «Данни»."""
    who = viewer()
    if "data_status" in pages_of(who.role):
        return
    own = undoing.own(store, who).head(_SHOWN)
    if own.empty:
        return
    html.part(_("Вашите качвания"), _("най-новите отгоре; нищо записано не се изтрива, отмяната може да се върне"))
    for row in own.to_dict("records"):
        said, button = st.columns([5, 1], vertical_alignment="center")
        batch_id, is_undone = int(row["batch_id"]), row["state"] == "undone"
        about = (_(dataset(row["dataset"]).title), moment(row["committed_at"]), _(STATES[row["state"]]))
        with said:
            html.show(tag("span", bold(row["file_name"]), f" – {', '.join(about)}"))
        if not undoing.may_mark(store, who, [batch_id]):
            continue
        label = _("Върни файла в сила") if is_undone else _("Отмени файла")
        if button.button(label, key=f"own-{batch_id}", width="stretch"):
            undoing.mark(store, who, [batch_id], "redo" if is_undone else "undo")
            st.rerun()
