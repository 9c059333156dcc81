"""What must not be kept or shown of a text: identifiers, and names of people.

What a file holds is written over. What a person types is refused with an identifier, a phone or an e-mail in it, and
asked about when something in it looks like a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.privacy.names import names_in, without_names
from obhvat.texts import listed, printable

_HIDDEN = "••••••••••"
# In any script.
_LONG_DIGITS = re.compile(r"\d{9,}")
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
# Digits that are written in groups: 0888 123 456, (076) 60-12-34, 120101 1234.
_RUN = re.compile(r"(?:\+|\b\d|\(\d)(?:[\s()/.-]*\d)+")
_MAIL = re.compile(r"\S@\S")
# A phone with its code, and an ЕГН.
_PHONE, _EGN = range(9, 15), 10

MASK = f"""
-- What is shown of an identifier: enough to find it on the line it stands on, not enough to be it.
create macro mask(cell) as left(cell, 2) || '{_HIDDEN[2:]}';
"""
"""The same as `mask`, for DuckDB."""


class LooksLikeName(ObhvatError):
    """Something in what a person typed looks like a name; it is taken when the person says that it is none."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        quoted = listed(f"„{name}“" for name in self.names)
        super().__init__(
            _(
                "Прилича на име на човек: {quoted}. Ако е улица, училище или длъжностно лице, потвърдете. Ако е дете "
                "или негов близък, напишете ролята му – родител, учител, съсед – без името."
            ).format(quoted=quoted)
        )


def without_ids(text: str) -> str:
    """A name or a caption without digits long enough to be an identifier."""
    return _LONG_DIGITS.sub(_HIDDEN, text)


def scrub(text: str) -> str:
    """A text without digits of identifiers, and with „[име]“ in place of what is surely a person's name."""
    return without_names(without_ids(text))


def scrub_place(text: str) -> str:
    """As `scrub`, of a place or an institution: one word, „Елена“, is no name there."""
    return without_names(without_ids(text), single=False)


def mask(text: str) -> str:
    """What may be shown of an identifier."""
    return text.strip()[:2] + _HIDDEN[2:]


def refuse_numbers(text: str, caption: str) -> None:
    """Raises ObhvatError when a text has a number like an ЕГН or a phone, or an e-mail.

    `caption` is what the text is called on screen. Dates, school codes and numbers of documents are accepted.
    """
    text = printable(text)
    if _has_number(text):
        raise ObhvatError(
            _(
                "В „{caption}“ има число, което прилича на ЕГН или телефон. Премахнете го: тук лични данни не се "
                "приемат."
            ).format(caption=caption)
        )
    if _MAIL.search(text):
        raise ObhvatError(
            _("В „{caption}“ има електронен адрес. Премахнете го: тук лични данни не се приемат.").format(
                caption=caption
            )
        )


def ask_about_names(texts: Iterable[str], confirmed: Collection[str], places: Collection[str] = ()) -> list[str]:
    """Of the names a person confirmed to be nobody's, those that stand in the texts.

    Raises LooksLikeName when something else in them looks like a name. `places` are known not to be names where they
    only may be ones.
    """
    looks = ((text[name.start : name.end], name.sure) for text in map(printable, texts) for name in names_in(text))
    seen = list(dict.fromkeys(words for words, sure in looks if sure or words not in places))
    if any(name not in confirmed for name in seen):
        raise LooksLikeName(seen)
    return seen


def _has_number(text: str) -> bool:
    if re.search(r"\d{9}", text):
        return True
    for run in _RUN.findall(_DATE.sub(" ", text)):
        digits = sum(c.isdigit() for c in run)
        if digits == _EGN or (digits in _PHONE and run.lstrip("(")[0] in "+0"):
            return True
    return False
