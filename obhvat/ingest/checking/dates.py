"""Days and months as people and Excel write them, in the one form that is read further: 6.11.25, 6 ноември 2025,
6.XI.2025 г.; окт.23, Oct-23, X."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_YEAR = r"(\d{4}|\d\d)\s*(?:г|год|година)?\.?"
_NUMBERS = re.compile(rf"(\d{{1,2}})\s*([.,])\s*(\d{{1,2}})\s*\2\s*{_YEAR}")
_WORDS = re.compile(rf"(\d{{1,2}})(?:\s*-?\s*(?:ви|ри|ти|и|во))?[\s.,/-]*([^\W\d]+)[\s.,/-]*{_YEAR}")
_MONTHS = ("яну", "фев", "мар", "апр", "май", "юни", "юли", "авг", "сеп", "окт", "ное", "дек")
_ENDINGS = ("ари", "руари", "т", "ил", "", "", "", "уст", "тември", "омври", "мври", "ември")
_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# As it is read further, so that a fault says what was written.
_NAMED = re.compile(
    f"(?:{'|'.join(map(''.join, zip(_MONTHS, _ENDINGS, strict=True)))})(?: 20\\d\\d(?: ?г\\.?)?)?", re.IGNORECASE
)
_MONTH_WORD = re.compile(r"(?:м\.|месец)?\s*([^\W\d]+)\.?")
_MONTH_OF_YEAR = re.compile(rf"(?:м\.|месец)?\s*([^\W\d]+)[\s.,/'’-]*{_YEAR}")
_DAY_OF_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[\s./-]*([^\W\d]+)\.?")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LATIN_NUMERALS = str.maketrans("ХІ", "XI")
# Of two digits; a later one would be of a birth date, or of no year at all.
_LAST_SHORT = 49


def as_day(text: str) -> str:
    """A day as 06.11.2025; any other text, and one that may be read in several ways, as it is."""
    if _PLAIN.fullmatch(text):
        return text
    if numbers := _NUMBERS.fullmatch(text):
        day, _, month, year = numbers.groups()
    elif words := _WORDS.fullmatch(text):
        day, year, month = words[1], words[3], str(_month(words[2]) or "")
    else:
        return text
    if not month or (len(year) == 2 and int(year) > _LAST_SHORT):
        return text
    return f"{int(day):02}.{int(month):02}.{year if len(year) == 4 else f'20{year}'}"


def as_month(text: str) -> str:
    """A month as 10.2023, or as 10 where its year stands elsewhere; a day and any other text as `as_day` does.

    Excel writes a month as „окт.23“ or „Oct-23“, and the first of it, when its year was not typed, as „01.окт“.
    """
    if text.isdigit() or _NAMED.fullmatch(text):
        return text
    if (day := as_day(text)) != text:
        return day
    if with_year := _MONTH_OF_YEAR.fullmatch(text):
        word, year = with_year.groups()
        if (month := _month(word)) and (len(year) == 4 or int(year) <= _LAST_SHORT):
            return f"{month:02}.{year if len(year) == 4 else f'20{year}'}"
    elif (alone := _MONTH_WORD.fullmatch(text) or _DAY_OF_MONTH.fullmatch(text)) and (month := _month(alone[1])):
        return str(month)
    return text


def has_short_year(text: str, read: str) -> bool:
    """Whether the century of what was read as a day or a month is left out."""
    return text != read and re.search(r"\d{4}", read) is not None and re.search(r"\d{4}", text) is None


def as_written(text: str, is_decimal: bool = False) -> str:
    """A cell of a workbook, which has neither commas nor points of its own, as people write it: 13.10.2023, 7,5."""
    if day := _ISO.fullmatch(text):
        return f"{day[3]}.{day[2]}.{day[1]}"
    return text.replace(".", ",") if is_decimal and _DECIMAL.fullmatch(text) else text


def _month(word: str) -> int | None:
    """„ноември“, „ноем“, „XI“, „Nov“."""
    form = word.casefold()
    for n, name in enumerate(_ENGLISH, start=1):
        if form in (name, name[:3]) or form == "sept" == name[:4]:
            return n
    for n, (begins, ends) in enumerate(zip(_MONTHS, _ENDINGS, strict=True), start=1):
        if form.startswith(begins) and (begins + ends).startswith(form):
            return n
    numeral = word.upper().translate(_LATIN_NUMERALS)
    return _ROMAN.index(numeral) + 1 if numeral in _ROMAN else None
