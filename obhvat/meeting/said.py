"""What people write in a meeting: no identifiers, no cases, and posts instead of names."""

from __future__ import annotations

import re
from datetime import datetime

from obhvat.errors import ObhvatError
from obhvat.privacy import refuse_personal
from obhvat.store import Store

# Two names in a row, the second with the ending of a father's or a family name; not a school's name in quotation marks.
_NAME = re.compile(r"(?<![„“\"«\w])[А-Я][а-я]+ [А-Я][а-я]+(?:ов|ова|ев|ева|ски|ска)(?!\w)(?!“)")


def plain(store: Store, text: str | None, caption: str) -> str:
    """A text without spaces around it. Raises ObhvatError when it names a person, by number or name, or a case."""
    text = (text or "").strip()
    refuse_personal(text, caption)
    if without_cases(store, text) != text:
        raise ObhvatError(
            f"В „{caption}“ е посочен случай по номер. Махнете номера: това се чете в залата и влиза в протокола."
        )
    return text


def post(store: Store, text: str | None, caption: str) -> str:
    """As `plain`, of who sits at the table: „заместник-кмет“. Raises ObhvatError also for a person's name."""
    if _NAME.search(text or ""):
        raise ObhvatError(f"В „{caption}“ се пише длъжност, например „заместник-кмет“, а не име.")
    return plain(store, text, caption)


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
