"""Exam results by school, as the ministry publishes them: a pair of columns a subject, how many sat and their mean.

Every year has other captions („Явили се БЕЛ“, „БЕЛ-уч“, „БЕЛ(ООП) З Бр.“, „РЕСр.успех“; domain.md §4.5), so the columns
are known by what their captions are made of, not by a list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from obhvat.datasets.captions import normal, same_letters

# As НВО and ДЗИ tables shorten them: a subject has one name, however a year writes it.
_SHORT = {
    "Български език и литература": "бел",
    "Математика": "мат",
    "История и цивилизации": "ист иц",
    "География и икономика": "гео ги",
    "Физика и астрономия": "фа",
    "Химия и опазване на околната среда": "хоос",
    "Биология и здравно образование": "бзо",
    "Философия": "фил",
    "Информатика": "инф",
    "Информационни технологии": "ит",
    "Дигитални компетентности": "дк дкт",
    "Музика": "муз",
    "Изобразително изкуство": "ии",
    "Предприемачество": "пр",
    "Човекът и обществото": "чо",
    "Човекът и природата": "чп",
    "Английски език": "ае анге",
    "Немски език": "не неме",
    "Руски език": "ре рус руск",
    "Испански език": "ие исе испе",
    "Френски език": "фе фре",
    "Италиански език": "ите итал",
    "Румънски език": "руе рум",
    "Португалски език": "пе порте",
    "Иврит": "ивр",
    "Японски език": "яе япе",
    "Китайски език": "ките",
    "Корейски език": "коре",
    "Арабски език": "аре",
    "Латински език": "лате",
    "Турски език": "те туре",
    "ДИППК": "диппк",
}
SUBJECTS = {form: name for name, short in _SHORT.items() for form in (*short.split(), normal(name))}
# Parts of the exam for a qualification.
_DIPPK = {"п р": "писмена работа", "тест": "тест", "д пр": "дипломен проект", "пр": "практика"}

# Of how many points an exam is, from the school year on; before the first nobody here has a source for it.
_POINTS = {"nvo4": {2017: 100}, "nvo7": {2017: 65, 2018: 100}, "nvo10": {2020: 100}}
POINTS_MACRO = f"""
-- Of how many points the ministry's layout of a year is; null where nobody says, and for marks.
create macro exam_points(exam, school_year) as case
    {
    " ".join(
        f"when exam = '{exam}' and school_year >= {year} then {points}"
        for exam, years in _POINTS.items()
        for year, points in sorted(years.items(), reverse=True)
    )
}
end;
"""

_AVERAGE = re.compile(
    r"\b(?:среден успех|среден брой точки|средни точки|среден резултат|средна оценка|среден бал|"
    r"ср (?:успех|усп|точки|рез|резултат|оценка|бал|брой точки)|успех|точки|резултат|ср)\b"
)
_COUNT = re.compile(r"\b(?:брой явили се|явили се|явили|брой ученици|брой|бр|ученици|уч)\b")
# „мах 65 т.“, „(макс. 65)“, „от 65 точки“.
_OF_MOST = r"(?:(?:ма|ma)[хкx][а-яa-z]*(?: (?:бал|брой|брой точки|точки|т))?|\b(?:от|до)(?= ?\d+ ?т))"
_MAXIMUM = re.compile(rf"\b{_OF_MOST} ?(\d{{2,3}})(?!\d)")
_MOST = re.compile(rf"\b{_OF_MOST}(?: ?\d+)?(?: ?т\w*)?(?!\w)")
_NOISE = re.compile(r"\b(?:в|т|по|на|от|се)\b")
# „Неявили се“ are counted by none of the columns that are read.
_ABSENT = re.compile(r"\b(?:не ?(?:се |са )*яв|отсъств|освободен)")
_MAXIMUM_ABOVE = re.compile(r"\b(?:ма|ma)[хкx]")
_POINTS_ABOVE = re.compile(r"(.*?)(?<!\d)(\d{2,3})(?: ?т(?:очки)?)?")
_OFFICE = re.compile(r"(?:руо|рио|регионално управление|регионален инспекторат)\b")
_TOTAL = re.compile(r"(?:2 ?дзи|общо|всичко)")
_LATIN = str.maketrans("abekmhopctxy", "авекмнорстху")
# „РЕСр.успех“: a new word begins where a capital that a small letter follows stands after another capital.
_NEW_WORD = re.compile(r"(?<=[^\W\d_a-zа-я])(?=[A-ZА-Я][a-zа-я])")
_WORDS = re.compile(r"[^\W_]+")
_LEVEL = re.compile(r"(?<!\w)([ABCАВС])\s?([12])(?:\.(1))?(?!\w)", re.IGNORECASE)
_LEVEL_LETTERS = str.maketrans("АВС", "ABC")
_MEASURE_WORDS = "ср|среден|успех|точки|бр|брой|уч|ученици|явили"
_GLUED = re.compile(
    rf"(?:({'|'.join(sorted(SUBJECTS, key=len, reverse=True))})({_MEASURE_WORDS})|"
    rf"({_MEASURE_WORDS})({'|'.join(sorted(SUBJECTS, key=len, reverse=True))}))"
)
# By which programme the exam is, „ПП“ or „ПП-В“: every compulsory subject has one, so it seldom tells any apart.
_PROGRAMME = re.compile(r"(?<!\w)(ООП|ПП)(?!\w)\)?(-В(?!\w))?", re.IGNORECASE)
# „З“ stands for a compulsory exam, „И“ for one of free choice.
_COMPULSORY, _BY_CHOICE = "з", "и"


@dataclass(frozen=True)
class _Subject:
    """What a caption says of an exam beside what it measures."""

    words: tuple[str, ...]
    level: str = ""
    programme: str = ""
    by_choice: bool = False

    @property
    def is_sum(self) -> bool:
        return bool(_TOTAL.fullmatch(" ".join(self.words)))

    def name(self, *, with_programme: bool) -> str:
        """„Английски език (B1.1)“; an unknown subject keeps its caption's words."""
        subject, rest = _known(self.words)
        details = [
            "по избор" if self.by_choice else "",
            self.programme if self.by_choice or with_programme else "",
            self.level,
            _DIPPK.get(rest, rest),
        ]
        more = ", ".join(filter(None, details))
        return f"{subject} ({more})" if more else subject


def measures(header: Sequence[str], taken: Sequence[int]) -> dict[int, tuple[str, str]] | None:
    """Column → (subject, `examined` or `average`); sums of subjects have subject "". None: no such table.

    `taken` are the columns known to be something else. A pair of a subject's columns makes a table of results;
    two columns that mean the same make it one that a person must explain.
    """
    columns: dict[int, tuple[_Subject, str]] = {}
    for n, caption in enumerate(header):
        if n in taken or not caption or _ABSENT.search(normal(caption)):
            continue
        subject, kind = _read(caption)
        if subject.words:
            columns[n] = (subject, kind)
    counted = {subject for subject, kind in columns.values() if kind == "examined"}
    # „БЕЛ-уч; бел“: beside a column that counts, the bare subject is its mean.
    columns = {n: (subject, kind or "average") for n, (subject, kind) in columns.items() if kind or subject in counted}
    pairs = {subject for subject in counted if (subject, "average") in columns.values()}
    if not pairs or len(set(columns.values())) < len(columns):
        return None
    plain = Counter(subject.name(with_programme=False) for subject in pairs)
    names = {s: "" if s.is_sum else s.name(with_programme=plain[s.name(with_programme=False)] > 1) for s in pairs}
    if max(Counter(filter(None, names.values())).values(), default=1) > 1:
        return None
    return {n: (names[subject], kind) for n, (subject, kind) in columns.items() if subject in pairs}


def is_by_choice(measured: Mapping[int, tuple[str, str]]) -> bool:
    """Whether a table is of exams that pupils chose beside the compulsory ones."""
    return all("(по избор" in subject for subject, _ in measured.values() if subject)


def maxima(header: Sequence[str], titles: Sequence[str], measured: Mapping[int, tuple[str, str]]) -> dict[str, str]:
    """Subject → out of how many points its exam is, where a caption („мах 65 т.“) or the lines above the table say."""
    above: dict[str, str] = {}
    if any(_MAXIMUM_ABOVE.search(normal(title)) for title in titles):
        for title in titles:
            found = _POINTS_ABOVE.fullmatch(normal(title))
            if found:
                above[_known(tuple(found[1].split()))[0]] = found[2]
    of_all = next((points for name, points in above.items() if _MAXIMUM_ABOVE.search(name.casefold())), None)
    most = {}
    for n, (subject, _) in measured.items():
        in_caption = _MAXIMUM.search(normal(header[n]))
        said = in_caption[1] if in_caption else above.get(subject.partition(" (")[0], of_all)
        if subject and said:
            most[subject] = said
    return most


def is_office(name: str) -> bool:
    """Whether a row is of a regional office and no school: who sat the exam there is on nobody's list."""
    return bool(_OFFICE.match(normal(name)))


def is_of_points(exam: str | None) -> bool:
    """Whether an exam is measured in points, not in marks."""
    return exam in _POINTS


def points(exam: str, school_year: int) -> int | None:
    """Of how many points the ministry's layout of a year is; None where nobody says."""
    return next((most for since, most in sorted(_POINTS[exam].items(), reverse=True) if school_year >= since), None)


def _read(caption: str) -> tuple[_Subject, str]:
    """What a caption is about, and `average`, `examined` or "": what it measures of it."""
    level = ""
    if found := _LEVEL.search(caption):
        letter = found[1].upper().translate(_LEVEL_LETTERS)
        level = f"{letter}{found[2]}{'.1' if found[3] else ''}"
        caption = f"{caption[: found.start()]} {caption[found.end() :]}"
    programme = ""
    if found := _PROGRAMME.search(same_letters(caption)):
        programme = found[0].replace(")", "").upper()
        caption = f"{caption[: found.start()]} {caption[found.end() :]}"
    words = _MOST.sub(" ", " ".join(filter(None, map(_parted, _WORDS.findall(caption)))))
    kind = "average" if _AVERAGE.search(words) else "examined" if _COUNT.search(words) else ""
    rest = _NOISE.sub(" ", _COUNT.sub(" ", _AVERAGE.sub(" ", words))).split()
    rest = [word for word in rest if word != _COMPULSORY]
    by_choice = len(rest) > 1 and rest[-1] == _BY_CHOICE
    return _Subject(tuple(rest[:-1] if by_choice else rest), level, programme, by_choice), kind


def _parted(word: str) -> str:
    """A word of a caption in `normal` form: „ХООСброй“ and „РЕСр“ are two."""
    form = normal(word)
    if glued := _GLUED.fullmatch(form):
        form = " ".join(filter(None, glued.groups()))
    else:
        form = normal(_NEW_WORD.sub(" ", word))
    return " ".join(map(_cyrillic, form.split()))


def _cyrillic(word: str) -> str:
    """A subject's letters in Latin ones that look alike are the subject."""
    return alike if (alike := word.translate(_LATIN)) in SUBJECTS else word


def _known(words: tuple[str, ...]) -> tuple[str, str]:
    """A subject's name and the words behind it: the whole is looked for, then ever less of it."""
    for many in range(len(words), 0, -1):
        form = " ".join(words[:many])
        if subject := SUBJECTS.get(form):
            rest = words[many:]
            # „Български език и литература (БЕЛ)“ says it twice.
            return subject, " ".join(word for word in rest if SUBJECTS.get(word) != subject)
    whole = " ".join(words)
    return whole[:1].upper() + whole[1:], ""
