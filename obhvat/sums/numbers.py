"""The numbers of a Bulgarian text: „2 893“, „2.893“, „10,8 %“, „близо 900“, „двама“; no dates, grades or ages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["count", "percent", "times"]


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text. `unit` is what it counts, a noun of obhvat.texts, or ''."""

    value: float
    start: int
    end: int
    kind: Kind = "count"
    about: bool = False
    decimals: int = 0
    unit: str = ""


FILLER = "\x00"
"""What stands in `blanked` instead of a number that is none: a date, an age."""

_MONTH = "януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември"
_COUNTED = (
    "деца|дете|ученик|случа|семейств|адрес|посещени|обход|проверк|отсъстви|училищ|екип|души|лица|отпадн|върнат|"
    "обхванат|необхв|нов|незапис|запис|реинтегр"
)
_NO_NUMBERS = re.compile(
    "|".join(
        (
            r"\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})(?:\s*г\.?)?",
            r"\b\d{4}-\d{2}-\d{2}\b",
            rf"\b\d{{1,2}}(?:\s*(?:[–-]|и|до)\s*\d{{1,2}})?\s+(?:{_MONTH})(?:\s+(?:19|20)\d\d)?(?:\s*г\b\.?)?",
            rf"(?:{_MONTH})\s+(?:19|20)\d\d(?:\s*г\b\.?)?",
            r"\b(?:19|20)\d\d\s*[/–-]\s*(?:(?:19|20)\d\d|\d\d)(?!\d)(?:\s*г\b\.?)?",
            r"\b(?:19|20)\d\d(?:-(?:та|ва|ра|ма))?\s*(?:г\b\.?|год)",
            rf"\b(?:през|за|от|до|към|на|в|и|учебната|година)\s+(?:19|20)\d\d\b(?!\s*(?:{_COUNTED})|\s+[а-я]+\s+(?:{_COUNTED}))",
            r"\b\d{1,2}[:.,]\d{2}\s*(?:ч\b\.?|часа\b)",
            r"(?:№|\b(?:чл|ал|стр|т|ПМС|точка|заповед)\b\.?)\s*№?\s*\d+(?:[/–.-]\d+)*",
            # „5-годишни“, „2-ри“; „40-те училища“ and „62-ма“ are counted, „7-ма“ and „8-ма“ are which.
            r"\b\d{1,2}(?:-?\s*(?:,|и|или|до|–|-)\s*\d{1,2})*\s*-\s*(?!крат|те\b|(?<![78]-)ма\b)[а-я]+",
            r"\b\d{1,2}(?:\s*(?:–|-|до|и)\s*\d{1,2})?\s*(?:г\.|години\b|годишн)",
            r"\b\d{1,2}\.?(?:\s*(?:–|-|до|и|,)\s*\d{1,2}\.?)*\s*клас\b",
            r"\bклас(?:ове)?\s+\d{1,2}\b",
            r"(?:\b(?:с|със|имат?)\s+(?:над|повече\s+от|поне|най-малко|минимум)|≥|>|прага?\s+от)\s*\d+(?:[.,]\d+)?",
            r"\b(?:в|до|за|след|последните|срок\s+от)\s+\d+\s+(?:работни\s+|календарни\s+)?(?:дни|ден|месец|седмиц|мину)",
            r"\bпо\s+\d+\s+пъти\b",
            r"(?m:^\s*\d{1,2}[.)](?=\s+\D))",
            r"\b\d{9,}\b",
            r"\b0\d{1,3}[\s/-]?\d{2,3}[\s/-]?\d{2,4}(?:[\s/-]?\d{2,4})?\b",
        )
    ),
    re.IGNORECASE,
)
_SPACE = "[  \u2009\u202f]"
_LITERAL = re.compile(
    rf"(?<![\w.,/])(?:(?P<spaced>\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:,\d+)?)"
    r"|(?P<dotted>[1-9]\d{0,2}(?:\.\d{3})+(?![\d])(?:,\d+)?)"
    r"|(?P<commas>[1-9]\d{0,2}(?:,\d{3})+(?![\d,.]))"
    r"|(?P<plain>\d+(?:[.,]\d+)?))"
)
_WORDS = {
    "два": 2, "две": 2, "двама": 2, "три": 3, "трима": 3, "четири": 4, "четирима": 4, "пет": 5, "петима": 5,
    "шест": 6, "шестима": 6, "седем": 7, "осем": 8, "девет": 9, "десет": 10, "единадесет": 11, "единайсет": 11,
    "дванадесет": 12, "дванайсет": 12, "тринадесет": 13, "тринайсет": 13, "четиринадесет": 14, "четиринайсет": 14,
    "петнадесет": 15, "петнайсет": 15, "шестнадесет": 16, "шестнайсет": 16, "седемнадесет": 17, "седемнайсет": 17,
    "осемнадесет": 18, "осемнайсет": 18, "деветнадесет": 19, "деветнайсет": 19,
}  # fmt: skip
_TENS = {"двадесет": 20, "двайсет": 20, "тридесет": 30, "трийсет": 30, "четиридесет": 40, "четирийсет": 40,
         "петдесет": 50, "шестдесет": 60, "седемдесет": 70, "осемдесет": 80, "деветдесет": 90}  # fmt: skip
_ONES = {"един": 1, "една": 1, "едно": 1}
_NAMED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:\s+и\s+(?P<rest>{'|'.join([*_ONES, *_WORDS])}))?"
    rf"|(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    rf"|(?<!нито )(?<!по )(?P<one>един|една|едно)(?=\s+(?:{_COUNTED}|е\b|не\b)))\b",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(r"\b(?P<two>двойно|двукратно)|\b(?P<three>тройно|трикратно)", re.IGNORECASE)
_PERCENT = re.compile(r"\s*(?:%|на сто\b|процент(?!н))", re.IGNORECASE)
_THOUSANDS = re.compile(r"\s*(?:(?P<thousands>хил(?:яди)?\b\.?)|(?P<millions>млн\b\.?|милион))", re.IGNORECASE)
_TIMES = re.compile(r"\s*(?:пъти\b|-?\s*кратн)", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:\b(?:близо|около|почти|над|под|повече от|поне|приблизително|някъде към|малко (?:над|под))|[~≈])\s*$",
    re.IGNORECASE,
)
_PREPOSITIONS = {
    "за",
    "в",
    "във",
    "на",
    "по",
    "от",
    "с",
    "със",
    "при",
    "след",
    "без",
    "извън",
    "до",
    "към",
    "през",
    "заради",
    "поради",
}
_UNITS = {
    "дете": "дец|дете",
    "ученик": "ученик|ученици|ученичк",
    "семейство": "семейств",
    "случай": "случа",
    "адрес": "адрес",
    "посещение": "посещен",
    "обход": "обход",
    "проверка": "проверк",
    "отсъствие": "отсъств",
    "училище": "училищ",
    "акт": "акт|ауан",
    "екип": "екип",
    "община": "общин",
    "област": "област",
}


_CLOSE = 60
"""Letters around a number that say what it is."""


def blanked(text: str) -> str:
    """The text with what only looks like a number (dates, years, ages, grades, articles) written over, as long as it
    was."""
    return _NO_NUMBERS.sub(lambda match: FILLER * len(match[0]), text)


def numbers(text: str) -> list[Number]:
    """The numbers of a `blanked` text, in order."""
    written = [_written(text, match) for match in _LITERAL.finditer(text)]
    taken = [(number.start, number.end) for number in written]
    # „Две могили“ in the middle of a sentence is a place.
    named = [
        _named(text, match)
        for match in _NAMED.finditer(text)
        if match[0][0].islower() or re.search(r"(?:^|[.!?:;(\n–])\s*$", _around(text, match)[0])
    ]
    times = [
        Number(2 if match["two"] else 3, match.start(), match.end(), "times") for match in _MULTIPLE.finditer(text)
    ]
    others = [n for n in (*named, *times) if not any(start <= n.start < end for start, end in taken)]
    return sorted([*written, *others], key=lambda number: number.start)


def _around(text: str, match: re.Match[str]) -> tuple[str, str]:
    """What stands close before and after a number."""
    return text[max(0, match.start() - _CLOSE) : match.start()], text[match.end() : match.end() + _CLOSE]


def _written(text: str, match: re.Match[str]) -> Number:
    digits, (before, after) = match[0], _around(text, match)
    kind: Kind = "percent" if _PERCENT.match(after) else "times" if _TIMES.match(after) else "count"
    # 2,893 деца are thousands, 4,783 средно are not.
    is_mean = re.search(r"(?:средно|по)\s*$", before) or re.match(r"\s*(?:средно|на )", after)
    if match["commas"] and (kind != "count" or is_mean):
        value, decimals = float(digits.replace(",", ".", 1)), 3
    elif match["commas"]:
        value, decimals = float(digits.replace(",", "")), 0
    elif match["plain"]:
        value = float(digits.replace(",", "."))
        decimals = len(re.split("[.,]", digits)[1]) if re.search("[.,]", digits) else 0
    else:
        whole, _, part = digits.partition(",")
        value, decimals = float(re.sub(r"\D", "", whole) + (f".{part}" if part else "")), len(part)
    about = bool(_ABOUT.search(before))
    if large := _THOUSANDS.match(after):
        # „3 хил.“ is rounded by itself.
        value, decimals, about = value * (1000 if large["thousands"] else 1_000_000), 0, True
        after = after[large.end() :]
    unit = _unit_of(re.sub(r"^-(?:те|ма)\b", "", after)) if kind == "count" else ""
    return Number(value, match.start(), match.end(), kind, about, decimals, unit)


def _named(text: str, match: re.Match[str]) -> Number:
    words = {**_WORDS, **_ONES}
    if match["tens"]:
        value = _TENS[match["tens"].lower()] + words.get((match["rest"] or "").lower(), 0)
    else:
        value = words[(match["word"] or match["one"]).lower()]
    before, after = _around(text, match)
    kind: Kind = "percent" if _PERCENT.match(after) else "times" if _TIMES.match(after) else "count"
    unit = _unit_of(after) if kind == "count" else ""
    return Number(value, match.start(), match.end(), kind, bool(_ABOUT.search(before)), 0, unit)


def _unit_of(after: str) -> str:
    """What is counted: one of the next three words, before a preposition or a stop."""
    words = re.match(r"(?:\s+[А-Яа-я-]+){1,3}", after)
    for word in words[0].lower().split() if words else ():
        if word in _PREPOSITIONS:
            return ""
        for unit, beginnings in _UNITS.items():
            if re.match(beginnings, word):
                return unit
    return ""
