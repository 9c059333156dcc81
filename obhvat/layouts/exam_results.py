"""Exam results by school, as the ministry publishes them: a pair of columns a subject, how many sat and their mean.

Every year has other captions („Явили се БЕЛ“, „БЕЛ-уч“, „БЕЛ(ООП) З Бр.“; domain.md §4.5), so the columns are known
by what their captions are made of, not by a list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from obhvat.datasets.captions import normal

# As НВО and ДЗИ tables shorten them.
SUBJECTS = {
    "бел": "Български език и литература",
    "мат": "Математика",
    "ист": "История и цивилизации",
    "гео": "География и икономика",
    "ги": "География и икономика",
    "фа": "Физика и астрономия",
    "хоос": "Химия и опазване на околната среда",
    "бзо": "Биология и здравно образование",
    "фил": "Философия",
    "инф": "Информатика",
    "ит": "Информационни технологии",
    "муз": "Музика",
    "ии": "Изобразително изкуство",
    "пр": "Предприемачество",
    "чо": "Човекът и обществото",
    "чп": "Човекът и природата",
    "ае": "Английски език",
    "не": "Немски език",
    "ре": "Руски език",
    "исе": "Испански език",
    "испе": "Испански език",
    "фе": "Френски език",
    "фре": "Френски език",
    "ите": "Италиански език",
    "диппк": "ДИППК",
}

_AVERAGE = re.compile(
    r"\b(?:среден успех|среден брой точки|средни точки|среден резултат|средна оценка|среден бал|"
    r"ср (?:успех|усп|точки|рез|резултат|оценка|бал|брой точки)|успех|точки|резултат|ср)\b"
)
_COUNT = re.compile(r"\b(?:брой явили се|явили се|явили|брой ученици|брой|бр|ученици|уч)\b")
_NOISE = re.compile(r"\b(?:ма[хкx]\w*(?: \d+)?(?: т\w*)?|в|т|по|на|от|се)\b")
_MAXIMUM = re.compile(r"\b(?:ма|ma)[хкx]\w* (\d+)")
_TOTAL = re.compile(r"(?:2 ?дзи|общо|всичко)")
_LATIN = str.maketrans("abekmhopctxy", "авекмнорстху")
# The compulsory part of an exam: every column of a table has it, so it tells nothing apart.
_COMPULSORY = "з"


def measures(header: Sequence[str], taken: Sequence[int]) -> dict[int, tuple[str, str]] | None:
    """Column → (subject, `examined` or `average`); sums of subjects have subject "". None: no such table.

    `taken` are the columns known to be something else. A pair of a subject's columns makes a table of results;
    two columns that mean the same make it one that a person must explain.
    """
    # By column: the words of its subject, and what it measures of it.
    columns: dict[int, tuple[tuple[str, ...], str]] = {}
    for n, caption in enumerate(header):
        if n in taken or not caption:
            continue
        words = normal(caption)
        kind = "average" if _AVERAGE.search(words) else "examined" if _COUNT.search(words) else ""
        rest = _NOISE.sub(" ", _COUNT.sub(" ", _AVERAGE.sub(" ", words))).split()
        if rest:
            columns[n] = (tuple(rest), kind)
    counted = {subject for subject, kind in columns.values() if kind == "examined"}
    # „БЕЛ-уч; бел“: beside a column that counts, the bare subject is its mean.
    columns = {n: (subject, kind or "average") for n, (subject, kind) in columns.items() if kind or subject in counted}
    pairs = {subject for subject in counted if (subject, "average") in columns.values()}
    if not pairs or len(set(columns.values())) < len(columns):
        return None
    names = _names({subject for subject, _ in columns.values()})
    return {n: (names[subject], kind) for n, (subject, kind) in columns.items() if subject in pairs}


def maximum(header: Sequence[str]) -> str | None:
    """Out of how many points the exams of a table are, „мах 65 т.“; None where the captions say none, or several."""
    most = {found[1] for caption in header if (found := _MAXIMUM.search(normal(caption)))}
    return most.pop() if len(most) == 1 else None


def _names(subjects: set[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    without = {rest: tuple(w for w in rest if w != _COMPULSORY) or rest for rest in subjects}
    if max(Counter(without.values()).values()) > 1:
        without = {rest: rest for rest in subjects}
    return {rest: _name(kept) for rest, kept in without.items()}


def _name(words: tuple[str, ...]) -> str:
    """„Английски език (ПП, B1.1)“; an unknown subject keeps its caption's words."""
    if _TOTAL.fullmatch(" ".join(words)):
        return ""
    subject = SUBJECTS.get(words[0]) or SUBJECTS.get(words[0].translate(_LATIN))
    if subject is None:
        whole = " ".join(words)
        return whole[:1].upper() + whole[1:]
    level = " ".join(words[1:]).upper().replace("B1 1", "B1.1")
    return f"{subject} ({level.replace('ПП ', 'ПП, ')})" if level else subject
