"""What people give in a field of a case: a code of its list, a text in one line, an hour."""

from __future__ import annotations

import re
from collections.abc import Collection

from obhvat.datasets import dataset
from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import _
from obhvat.privacy import refuse_numbers
from obhvat.texts import printable

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_LONGEST = 500


def known_code(of: str, field: str, code: str | None) -> str | None:
    """A code of an enumeration, or None. Raises UnknownName for another."""
    asked = dataset(of)[field]
    if code is None or any(value.code == code for value in asked.values):
        return code
    captions = ", ".join(_(value.caption) for value in asked.values)
    raise UnknownName(
        _("„{code}“ не е от списъка „{caption}“. Изберете от: {captions}.").format(
            code=code, caption=_(asked.caption), captions=captions
        )
    )


def known_codes(of: str, field: str, codes: Collection[str]) -> list[str] | None:
    """Codes of a set in the order they are declared; None when there are none."""
    asked = {known_code(of, field, code) for code in codes}
    return [value.code for value in dataset(of)[field].values if value.code in asked] or None


def one_line(of: str, field: str, text: str | None) -> str | None:
    """A text in one line, or None. Raises ObhvatError for an identifier, a phone, or one that is too long."""
    # What begins like a formula would come back from a spreadsheet with an apostrophe before it.
    plain = " ".join(printable(text or "").split()).lstrip("=+-@ ")
    caption = _(dataset(of)[field].caption)
    if len(plain) > _LONGEST:
        raise ObhvatError(
            _("„{caption}“ е дълго {n} знака. Съкратете го до {most}.").format(
                caption=caption, n=len(plain), most=_LONGEST
            )
        )
    refuse_numbers(plain, caption)
    return plain or None


def clock(time: str | None) -> str | None:
    """An hour as 10:30, or None. Raises ObhvatError for what is none."""
    if time is None or not time.strip():
        return None
    match = _CLOCK.fullmatch(time.strip())
    if not match:
        raise ObhvatError(_("„{time}“ не е час. Напишете го като 10:30.").format(time=time))
    return f"{int(match[1]):02}:{match[2]}"
