"""Проверки: which schools were checked, what was found, and where to go next."""

from __future__ import annotations

from obhvat.ui import html
from obhvat.ui.filters import choose
from obhvat.ui.session import open_store
from obhvat.ui.shell import is_empty, offer_start

store = open_store()
if is_empty(store):
    offer_start(store)
else:
    choose(store)
    html.lead("…")
