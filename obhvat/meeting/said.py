"""What people write in a meeting: no identifiers and no cases."""

from __future__ import annotations

import re
from datetime import datetime

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.privacy import refuse_numbers
from obhvat.store import Store
from obhvat.texts import printable


def plain(store: Store, text: str | None, caption: str) -> str:
    """A `printable` text, trimmed. Raises ObhvatError when it has an identifier, a phone or a case in it."""
    text = printable(text or "").strip()
    refuse_numbers(text, caption)
    if without_cases(store, text) != text:
        raise ObhvatError(
            _(
                "В „{caption}“ е посочен случай по номер. Премахнете номера: това се чете в залата и влиза в протокола."
            ).format(caption=caption)
        )
    return text


def without_cases(store: Store, text: str) -> str:
    """A text with the numbers of cases taken out: what a file said of a meeting is shown in the room, too."""
    folded = text.casefold()
    for number in _numbers(store):
        if number in folded:
            text = re.sub(rf"(?<!\w){re.escape(number)}(?!\w)", "[случай]", text, flags=re.IGNORECASE)
    return text


def _numbers(store: Store) -> frozenset[str]:
    """Numbers of all cases there ever were; those that are only digits are left out: they could be any number."""

    def asked() -> frozenset[str]:
        rows = store.rows("select number from cases union select number from entered_cases")
        return frozenset(number.casefold() for (number,) in rows if number and not number.isdigit())

    return store.kept("case numbers", datetime.max, asked)
