"""The invented oblast: its municipalities, institutions, classes and children. No name here is of a real school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

OBLAST = "Каменград"

# Sizes and skew of a real small oblast: one town with most of the children, two municipalities with a handful.
# name, main settlement, villages, schools by kind, kindergartens
_MUNICIPALITIES: tuple[tuple[str, str, tuple[str, ...], dict[str, int], int], ...] = (
    (
        "Каменград",
        "гр. Каменград",
        ("гр. Рудино", "с. Долна Скала", "с. Горна Скала", "с. Клисурец", "с. Въглево"),
        {"basic": 13, "secondary": 4, "profiled": 2, "vocational": 5, "primary": 1, "sport": 1},
        7,
    ),
    (
        "Ведрово",
        "гр. Ведрово",
        ("с. Изворско", "с. Габрака", "с. Дренак"),
        {"secondary": 1, "vocational": 2, "basic": 4, "primary": 1},
        3,
    ),
    ("Яворец", "гр. Яворец", ("с. Новец",), {"secondary": 1, "basic": 1}, 1),
    ("Горун", "гр. Горун", ("с. Бистрата",), {"secondary": 1, "basic": 1}, 1),
    ("Студеница", "с. Студеница", (), {"secondary": 1}, 0),
    ("Самодол", "с. Самодол", (), {"basic": 1}, 0),
)

# Pupils a grade in a school, by municipality and kind: the first for its largest school, then less.
_GRADE_SIZE = {
    "Каменград": {"basic": 46, "secondary": 58, "profiled": 78, "vocational": 62, "primary": 60, "sport": 24},
    "Ведрово": {"secondary": 52, "vocational": 38, "basic": 24, "primary": 40},
    "Яворец": {"secondary": 30, "basic": 9},
    "Горун": {"secondary": 19, "basic": 6},
    "Студеница": {"secondary": 7},
    "Самодол": {"basic": 2},
}

_GRADES = {
    "primary": range(1, 5),
    "basic": range(1, 8),
    "secondary": range(1, 13),
    "profiled": range(8, 13),
    "vocational": range(8, 13),
    "sport": range(5, 13),
    "kindergarten": (-6, -1),
}
_KIND_WORDS = {
    "primary": ("НУ", "начално училище"),
    "basic": ("ОУ", "основно училище"),
    "secondary": ("СУ", "средно училище"),
    "profiled": ("Езикова гимназия", "профилирана гимназия"),
    "vocational": ("ПГ по", "професионална гимназия"),
    "sport": ("Спортно училище", "спортно училище"),
    "kindergarten": ("ДГ", "детска градина"),
}
_NAMES = (
    "Зорница", "Изгрев", "Светлина", "Вихрен", "Орион", "Родина", "Буквар", "Хоризонт", "Искра", "Бъдеще",
    "Полет", "Извор", "Люлин", "Надежда", "Просвета", "Знание", "Самоков камък", "Витоша", "Първи звънец",
    "Напредък", "Единство", "Традиция", "Будители", "Млада гора", "Яворов лист", "Бор", "Кременец", "Ясен", "Лъч", "Пчелица",
    "Росица", "Здравец", "Камбана", "Перо", "Сребърна",
)  # fmt: skip
_TRADES = (
    "енергетика и минно дело",
    "техника и строителство",
    "икономика",
    "облекло и туризъм",
    "химични технологии",
    "транспорт",
    "механизация",
)
_KINDERGARTENS = ("Слънчо", "Мечо Пух", "Пролет", "Звънче", "Калинка", "Дъга", "Снежанка", "Щурче", "Детелина", "Латинка", "Врабче", "Теменуга")  # fmt: skip

_FIRST = ("Александър", "Боян", "Васил", "Георги", "Даниел", "Емил", "Иво", "Калоян", "Любен", "Мартин", "Николай", "Огнян", "Петър", "Румен", "Стефан", "Теодор", "Явор")  # fmt: skip
_FIRST_F = ("Ана", "Биляна", "Вяра", "Гергана", "Десислава", "Елена", "Ивелина", "Калина", "Лилия", "Мария", "Невена", "Петя", "Ралица", "Силвия", "Теодора", "Цветана", "Яна")  # fmt: skip
_FAMILY = ("Ангел", "Борис", "Величк", "Горан", "Димитр", "Захари", "Йордан", "Костадин", "Лазар", "Младен", "Найден", "Павл", "Радосла", "Стоян", "Тодор", "Христ", "Янк")  # fmt: skip


@dataclass(frozen=True)
class Child:
    """An invented child. The identifier has month 99, which no ЕГН has."""

    identifier: str
    names: tuple[str, str, str]
    born: int
    leaning: float
    """How often this child misses lessons: 1 is the average."""
    repeater: bool = False
    travels: bool = False


@dataclass(frozen=True)
class SchoolClass:
    """A class in one school year; `grade` is below 1 for preschool groups."""

    code: str
    name: str
    grade: int
    children: tuple[Child, ...]


@dataclass(frozen=True)
class Institution:
    code: str
    name: str
    kind: str
    municipality: str
    settlement: str
    diligence: float
    """How much is missed here: 1 is the average."""
    decimal: str = "."
    """Electronic diaries differ in the decimal sign they write."""
    opened: date | None = None
    closed: date | None = None
    classes: dict[int, tuple[SchoolClass, ...]] = field(default_factory=dict, hash=False, compare=False)
    """School year → classes."""

    @property
    def is_school(self) -> bool:
        return self.kind != "kindergarten"

    @property
    def kind_caption(self) -> str:
        return _KIND_WORDS[self.kind][1]


def _names(random: Random) -> tuple[str, str, str]:
    girl = random.random() < 0.49
    ending = "ова" if girl else "ов"
    first = random.choice(_FIRST_F if girl else _FIRST)
    return first, random.choice(_FAMILY) + ending, random.choice(_FAMILY) + ending


class Children:
    """Children made one after another, each with the next identifier."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._made = 0

    def new(self, born: int) -> Child:
        self._made += 1
        return Child(
            identifier=f"{born % 100:02}99{self._made:06}",
            names=_names(self._random),
            born=born,
            # A few children miss most: a long-tailed weight with mean 1.
            leaning=self._random.gammavariate(0.25, 4),
            repeater=self._random.random() < 0.012,
            travels=self._random.random() < 0.12,
        )


def first_year(
    institutions: list[Institution], sizes: Mapping[str, int], year: int, children: Children, random: Random
) -> dict[str, dict[int, list[Child]]]:
    """Grade → children of every institution when the invention begins."""
    return {
        i.code: {
            grade: [children.new(_birth(year, grade)) for _ in range(_vary(sizes[i.code], random))]
            for grade in _GRADES[i.kind]
        }
        for i in institutions
    }


def next_year(
    institutions: list[Institution],
    before: dict[str, dict[int, list[Child]]],
    sizes: Mapping[str, int],
    year: int,
    children: Children,
    random: Random,
) -> dict[str, dict[int, list[Child]]]:
    """Everyone moves up; who finishes an institution goes to one nearby that teaches the next grade."""
    after: dict[str, dict[int, list[Child]]] = {i.code: {next(iter(_GRADES[i.kind])): []} for i in institutions}
    for i in institutions:
        grades = list(_GRADES[i.kind])
        for grade, members in before[i.code].items():
            following = {-6: -1, -1: 1}.get(grade, grade + 1)
            if following in grades:
                after[i.code].setdefault(following, []).extend(members)
                continue
            for child in members if following <= 12 else ():
                after[_nearby(i, following, institutions, sizes, random).code].setdefault(following, []).append(child)
    for i in institutions:
        entry = next(iter(_GRADES[i.kind]))
        if entry in (-6, 1):
            missing = _vary(sizes[i.code], random) - len(after[i.code][entry])
            after[i.code][entry] += [children.new(_birth(year, entry)) for _ in range(missing)]
    return after


def _nearby(
    left: Institution, grade: int, institutions: list[Institution], sizes: Mapping[str, int], random: Random
) -> Institution:
    """A school that teaches a grade, in the same municipality if there is one, else in the chief town."""
    teaching = [i for i in institutions if i.is_school and grade in _GRADES[i.kind]]
    # After VII grade most go to the schools that begin with VIII.
    starting = [i for i in teaching if next(iter(_GRADES[i.kind])) == grade] or teaching
    for municipality in (left.municipality, institutions[0].municipality):
        near = [i for i in starting if i.municipality == municipality]
        if near:
            return random.choices(near, [sizes[i.code] for i in near])[0]
    return random.choice(teaching)


def _birth(year: int, grade: int) -> int:
    return year - (6 + grade if grade >= 1 else 6 if grade == -1 else 5)


def _vary(size: int, random: Random) -> int:
    return max(1, round(size * random.uniform(0.85, 1.15)))


def split(groups: Mapping[int, Sequence[Child]]) -> list[SchoolClass]:
    """Classes of each grade's children, of about twenty-two."""
    classes = []
    for grade, members in sorted(groups.items()):
        if not members:
            continue
        number = max(1, round(len(members) / 22))
        for n in range(number):
            part = tuple(members[n::number])
            letter = "абвгдежз"[n]
            name = f"{grade}{letter}" if grade >= 1 else ("Зайче", "Мече", "Лисиче", "Таралежче")[n % 4]
            code = str((abs(grade) * 10 + n) % 10000)
            classes.append(SchoolClass(code, name, grade, part))
    return classes


def make_institutions(years: tuple[int, ...], random: Random) -> list[Institution]:
    """The forty schools and twelve kindergartens, with their classes in each of the years."""
    children = Children(random)
    names, trades, gardens = iter(_NAMES), iter(_TRADES), iter(_KINDERGARTENS)
    institutions: list[Institution] = []
    sizes: dict[str, int] = {}
    for place_no, (municipality, town, villages, kinds, n_gardens) in enumerate(_MUNICIPALITIES, start=1):
        serial = 0
        for kind, count in kinds.items():
            for n in range(count):
                serial += 1
                # The larger schools stand in the town, the last basic schools in the villages.
                in_village = kind == "basic" and villages and n >= count - len(villages)
                settlement = villages[n - (count - len(villages))] if in_village else town
                size = _GRADE_SIZE[municipality][kind] * (0.25 if in_village else 1.1 - 0.05 * n)
                word = _KIND_WORDS[kind][0]
                name = f"{word} {next(trades)}" if kind == "vocational" else f"{word} „{next(names)}“"
                institution = Institution(
                    code=f"90{place_no:02}{serial:03}",
                    name=name,
                    kind=kind,
                    municipality=municipality,
                    settlement=settlement,
                    diligence=_weight(kind, bool(in_village), random),
                    decimal="," if serial % 3 == 0 else ".",
                )
                sizes[institution.code] = max(1, round(size))
                institutions.append(institution)
        for n in range(n_gardens):
            garden = Institution(
                code=f"90{place_no:02}{81 + n:03}",
                name=f"ДГ „{next(gardens)}“",
                kind="kindergarten",
                municipality=municipality,
                settlement=town,
                diligence=random.uniform(0.6, 1.3),
                decimal=".",
            )
            sizes[garden.code] = 60 if place_no == 1 else 32 if place_no == 2 else 16
            institutions.append(garden)
    groups = first_year(institutions, sizes, years[0], children, random)
    for n, year in enumerate(years):
        if n:
            groups = next_year(institutions, groups, sizes, year, children, random)
        for i in institutions:
            i.classes[year] = tuple(split(groups[i.code]))
    return institutions


def _weight(kind: str, in_village: bool, random: Random) -> float:
    usual = {
        "vocational": 1.7,
        "basic": 0.8,
        "primary": 0.45,
        "profiled": 0.7,
        "sport": 1.2,
        "secondary": 1.0,
    }
    return usual[kind] * random.uniform(0.7, 1.3) * (1.5 if in_village else 1.0)
