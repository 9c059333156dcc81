"""What must not be kept or shown of a text: identifiers, and what looks like a person's name.

The patterns stand here once, for texts in Python and, as `MACROS`, for those in SQL. What a file holds is written
over; what a person types is refused, and then phones and addresses of e-mail are, too.
"""

from __future__ import annotations

import re

from obhvat.errors import ObhvatError

_HIDDEN = "••••••••••"
# In any script, as Python and as DuckDB write it.
_LONG_DIGITS, _LONG_DIGITS_SQL = r"\d{9,}", r"\p{Nd}{9,}"
_ENDS_IN = "ов|ова|ев|ева|ин|ина"
_THREE_NAMES = f"[А-Я][а-я]+ [А-Я][а-я]+(?:{_ENDS_IN}) [А-Я][а-я]+(?:{_ENDS_IN}|ски|ска|ян|ли)($|[^а-я])"

MACROS = rf"""
-- Digits of an identifier, and the three parts of a Bulgarian name, do not survive in free text.
create macro scrub(cell) as
    regexp_replace(
        regexp_replace(cell, '{_LONG_DIGITS_SQL}', '{_HIDDEN}', 'g'),
        '{_THREE_NAMES}',
        '[име]\1',
        'g'
    );

-- What is shown of an identifier: enough to find it on the line it stands on, not enough to be it.
create macro mask(cell) as left(cell, 2) || '{_HIDDEN[2:]}';
"""
"""The same as `scrub` and `mask`, for DuckDB."""

_IDS, _NAMES = re.compile(_LONG_DIGITS), re.compile(_THREE_NAMES)
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
# Digits that are written in groups: 0888 123 456, (076) 60-12-34, 120101 1234.
_RUN = re.compile(r"(?:\+|\b\d|\(\d)(?:[\s()/.-]*\d)+")
_MAIL = re.compile(r"\S@\S")
# A school is called after people: СУ „Петко Рачов Славейков“. Only in quotation marks, after what it is.
_SCHOOL_WORD = r"(?:\b[А-Я]{2,7}|(?:[Уу]чилище|[Гг]имназия|[Гг]радина)(?:то|та)?)"
_SCHOOL = re.compile(_SCHOOL_WORD + r"\s*[„“\"«][^„“”\"«»]*[“”\"»]")
# A phone with its code, and an ЕГН.
_PHONE, _EGN = range(9, 15), 10


def without_ids(text: str) -> str:
    """A name or a caption without digits long enough to be an identifier."""
    return _IDS.sub(_HIDDEN, text)


def scrub(text: str) -> str:
    """A text without digits of identifiers and without a person's three names."""
    return _NAMES.sub(r"[име]\1", without_ids(text))


def mask(text: str) -> str:
    """What may be shown of an identifier."""
    return text.strip()[:2] + _HIDDEN[2:]


def refuse_personal(text: str, caption: str) -> None:
    """Raises ObhvatError when a text has a number like an ЕГН or a phone, an e-mail or a person's three names.

    `caption` is what the text is called on screen. Dates, school codes, numbers of documents
    and schools called after people are accepted.
    """
    if _has_number(text):
        raise ObhvatError(
            f"В „{caption}“ има число, което прилича на ЕГН или телефон. Махнете го: тук лични данни не се приемат."
        )
    if _MAIL.search(text):
        raise ObhvatError(f"В „{caption}“ има електронен адрес. Махнете го: тук лични данни не се приемат.")
    others = _SCHOOL.sub(" ", text)
    if scrub(others) != others:
        raise ObhvatError(f"В „{caption}“ има имена на човек. Напишете ролята му – родител, учител, съсед – без името.")


def _has_number(text: str) -> bool:
    if re.search(r"\d{9}", text):
        return True
    for run in _RUN.findall(_DATE.sub(" ", text)):
        digits = sum(c.isdigit() for c in run)
        if digits == _EGN or (digits in _PHONE and run.lstrip("(")[0] in "+0"):
            return True
    return False
