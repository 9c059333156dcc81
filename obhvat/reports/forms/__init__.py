"""Word forms that an oblast may change: documents with fields, checked when they come, filled in when asked for."""

from __future__ import annotations

from collections.abc import Mapping

from obhvat.people import Viewer
from obhvat.reports.forms.checking import checked, filled
from obhvat.reports.forms.declared import all_forms
from obhvat.reports.forms.filling import Value
from obhvat.store import Store
from obhvat.store.word_forms import keep_form, kept_form


def form_in_force(store: Store, name: str) -> bytes:
    """A form as the oblast changed it, else as the program brings it, a .docx."""
    return kept_form(store, name) or all_forms()[name].own


def written(store: Store, name: str, values: Mapping[str, Value], title: str) -> bytes:
    """A document in the oblast's form, a .docx. `values` are those the form is declared to be given."""
    return filled(form_in_force(store, name), values, title)


def change_form(store: Store, name: str, content: bytes | None, viewer: Viewer) -> None:
    """Put a form that a person changed in force; None puts back the one that the program brings. Raises BadForm, and
    then nothing is kept, and NotAllowed."""
    viewer.must("settings")
    keep_form(store, name, content and checked(all_forms()[name], content), viewer.person)
