"""The invented oblast: its municipalities, institutions, classes and children. No name here is of a real school."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, cycle
from random import Random

from obhvat.demo.places import KINDERGARTEN, Place

GRADES: Mapping[str, Sequence[int]] = {
    "primary": range(1, 5),
    "basic": range(1, 8),
    "secondary": range(1, 13),
    "profiled": range(8, 13),
    "vocational": range(8, 13),
    "sport": range(5, 13),
    KINDERGARTEN: (-6, -1),
}
_KIND_WORDS = {
    "primary": ("НУ", "начално училище"),
    "basic": ("ОУ", "основно училище"),
    "secondary": ("СУ", "средно училище"),
    "profiled": ("Езикова гимназия", "профилирана гимназия"),
    "vocational": ("ПГ по", "професионална гимназия"),
    "sport": ("Спортно училище", "спортно училище"),
    KINDERGARTEN: ("ДГ", "детска градина"),
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

_LETTERS = "абвгдежз"

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
    writes_nobody: bool = False
    """Whether nobody ever misses a lesson there, as it writes: suspicious, not excellent."""
    classes: dict[int, tuple[SchoolClass, ...]] = field(default_factory=dict, hash=False, compare=False)
    """School year → classes."""

    @property
    def is_school(self) -> bool:
        return self.kind != KINDERGARTEN

    @property
    def kind_caption(self) -> str:
        return _KIND_WORDS[self.kind][1]


def _names(random: Random) -> tuple[str, str, str]:
    girl = random.random() < 0.49
    ending = "ова" if girl else "ов"
    first = random.choice(_FIRST_F if girl else _FIRST)
    return first, random.choice(_FAMILY) + ending, random.choice(_FAMILY) + ending


class Children:
    """Children made one after another, each with the next identifier behind the `made` ones of others."""

    def __init__(self, random: Random, made: int = 0) -> None:
        self._random = random
        self._made = made

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
            for grade in GRADES[i.kind]
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
    after: dict[str, dict[int, list[Child]]] = {i.code: {next(iter(GRADES[i.kind])): []} for i in institutions}
    nearby = _Nearby(institutions, sizes)
    for i in institutions:
        grades = list(GRADES[i.kind])
        for grade, members in before[i.code].items():
            following = {-6: -1, -1: 1}.get(grade, grade + 1)
            if following in grades:
                after[i.code].setdefault(following, []).extend(members)
                continue
            for child in members if following <= 12 else ():
                after[nearby.choose(i, following, random).code].setdefault(following, []).append(child)
    for i in institutions:
        entry = next(iter(GRADES[i.kind]))
        if entry in (-6, 1):
            missing = _vary(sizes[i.code], random) - len(after[i.code][entry])
            after[i.code][entry] += [children.new(_birth(year, entry)) for _ in range(missing)]
    return after


class _Nearby:
    """Schools that teach a grade, in the same municipality if there is one, else in the chief town."""

    def __init__(self, institutions: list[Institution], sizes: Mapping[str, int]) -> None:
        self._institutions = institutions
        self._sizes = sizes
        self._known: dict[tuple[str, int], tuple[list[Institution], list[int]]] = {}

    def choose(self, left: Institution, grade: int, random: Random) -> Institution:
        """One of them, a large one sooner."""
        key = (left.municipality, grade)
        if key not in self._known:
            near = self._near(left.municipality, grade)
            self._known[key] = near, list(accumulate(self._sizes[i.code] for i in near))
        near, weights = self._known[key]
        return random.choices(near, cum_weights=weights)[0]

    def _near(self, municipality: str, grade: int) -> list[Institution]:
        teaching = [i for i in self._institutions if i.is_school and grade in GRADES[i.kind]]
        # After VII grade most go to the schools that begin with VIII.
        starting = [i for i in teaching if next(iter(GRADES[i.kind])) == grade] or teaching
        for place in (municipality, self._institutions[0].municipality):
            if near := [i for i in starting if i.municipality == place]:
                return near
        return teaching


def _birth(year: int, grade: int) -> int:
    return year - (6 + grade if grade >= 1 else 6 if grade == -1 else 5)


def _vary(size: int, random: Random) -> int:
    return max(1, round(size * random.uniform(0.85, 1.15)))


def split(groups: Mapping[int, Sequence[Child]]) -> list[SchoolClass]:
    """Classes of each grade's children, of about twenty-two while there are letters."""
    classes = []
    for grade, members in sorted(groups.items()):
        if not members:
            continue
        number = max(1, min(len(_LETTERS), round(len(members) / 22)))
        for n, letter in enumerate(_LETTERS[:number]):
            part = tuple(members[n::number])
            name = f"{grade}{letter}" if grade >= 1 else ("Зайче", "Мече", "Лисиче", "Таралежче")[n % 4]
            code = str((abs(grade) * 10 + n) % 10000)
            classes.append(SchoolClass(code, name, grade, part))
    return classes


def make_institutions(
    places: Sequence[Place],
    years: tuple[int, ...],
    children: Children,
    random: Random,
    writing_nobody: Collection[str],
) -> list[Institution]:
    """The schools and kindergartens of municipalities, with their classes in each of the years."""
    names = {"vocational": cycle(_TRADES), KINDERGARTEN: cycle(_KINDERGARTENS)}
    schools, others = cycle(_NAMES), Counter[tuple[str, str]]()
    institutions: list[Institution] = []
    sizes: dict[str, int] = {}
    for place in places:
        for serial, (kind, n) in enumerate(_in(place), start=1):
            is_garden = kind == KINDERGARTEN
            village = None if is_garden else place.village(kind, n)
            name = next(names.get(kind, schools))
            name = f"{_KIND_WORDS[kind][0]} {name if kind == 'vocational' else f'„{name}“'}"
            others[(place.name, name)] += 1
            again = others[(place.name, name)]
            code = str(place.first_garden + n if is_garden else place.first_school + serial - 1)
            institution = Institution(
                code=code,
                name=name if again == 1 else f"{again}. {name}",
                kind=kind,
                municipality=place.name,
                settlement=village or place.town,
                diligence=random.uniform(0.6, 1.3) if is_garden else _weight(kind, bool(village), random),
                decimal="," if serial % 3 == 0 and not is_garden else ".",
                writes_nobody=code in writing_nobody,
            )
            sizes[institution.code] = max(1, round(place.size(kind, n)))
            institutions.append(institution)
    groups = first_year(institutions, sizes, years[0], children, random)
    for n, year in enumerate(years):
        if n:
            groups = next_year(institutions, groups, sizes, year, children, random)
        for i in institutions:
            i.classes[year] = tuple(split(groups[i.code]))
    return institutions


def _in(place: Place) -> Iterator[tuple[str, int]]:
    """Its institutions, the kindergartens last: the kind, and which of the kind."""
    for kind, count in (*place.schools.items(), (KINDERGARTEN, place.gardens)):
        yield from ((kind, n) for n in range(count))


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
