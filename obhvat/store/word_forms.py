"""Word forms that people changed: each change is an entry, the newest is in force."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from obhvat.store.entries import add_entry, add_row
from obhvat.store.store import Store


def kept_form(store: Store, form: str) -> bytes | None:
    """A form as people changed it; None when the one that the program brings is in force."""
    rows = store.rows(
        "select content from word_forms where form = $form order by entry_id desc limit 1",
        {"form": form},
    )
    return rows[0][0] if rows else None


def keep_form(store: Store, form: str, content: bytes | None, who: str, at: datetime | None = None) -> None:
    """Put a changed form in force; None puts back the one that the program brings. Nothing is overwritten."""
    with store.transaction() as cursor:
        entry_id = add_entry(cursor, "word_form", who, at)
        add_row(cursor, "word_forms", {"entry_id": entry_id, "form": form, "content": content})


def form_changes(store: Store, form: str) -> pd.DataFrame:
    """What people did with a form, newest first: entry_id, set_at, set_by, n_bytes (missing where the program's own
    was put back)."""
    return store.read(
        """
        select
            entries.entry_id,
            entries.entered_at as set_at,
            entries.entered_by as set_by,
            octet_length(word_forms.content) as n_bytes
        from word_forms
        join entries on entries.entry_id = word_forms.entry_id
        where word_forms.form = $form
        order by entries.entry_id desc
        """,
        {"form": form},
    )


def form_then(store: Store, entry_id: int) -> bytes | None:
    """The form that a change put in force."""
    [(content,)] = store.rows("select content from word_forms where entry_id = $entry_id", {"entry_id": entry_id})
    return content
