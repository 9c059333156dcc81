"""Word forms that an oblast may change: documents with fields, checked when they come, filled in when asked for."""

from __future__ import annotations

from collections.abc import Mapping

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


def change_form(store: Store, name: str, content: bytes, who: str) -> None:
    """Put a form that a person changed in force. Raises BadForm, and then nothing is kept."""
    keep_form(store, name, checked(all_forms()[name], content), who)
