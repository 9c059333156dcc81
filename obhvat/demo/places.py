"""What a municipality of an invention has: how many schools of which kind, and how large they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KINDERGARTEN = "kindergarten"


@dataclass(frozen=True)
class Place:
    """A municipality, its schools and kindergartens."""

    name: str
    town: str
    """Where most of them stand."""
    villages: tuple[str, ...]
    """Where the last of its basic schools do, one in each."""
    schools: Mapping[str, int]
    """How many of each kind."""
    gardens: int
    sizes: Mapping[str, float]
    """Children a grade by kind: in its largest school of the kind, in each kindergarten."""
    first_school: int
    """Codes follow from here."""
    first_garden: int

    def size(self, kind: str, n: int) -> float:
        """Children a grade in the n-th institution of a kind."""
        if kind == KINDERGARTEN:
            return self.sizes[kind]
        return self.sizes[kind] * (0.25 if self.village(kind, n) else max(0.5, 1.1 - 0.05 * n))

    def village(self, kind: str, n: int) -> str | None:
        """The village in which the n-th school of a kind stands, if it does."""
        in_town = self.schools[kind] - len(self.villages)
        return self.villages[n - in_town] if kind == "basic" and self.villages and n >= in_town else None


def _place(
    number: int,
    name: str,
    villages: tuple[str, ...],
    schools: Mapping[str, int],
    gardens: int,
    sizes: Mapping[str, float],
    town: str = "",
) -> Place:
    first = 9_000_000 + 1000 * number
    return Place(name, town or f"гр. {name}", villages, schools, gardens, sizes, first + 1, first + 81)


# Sizes and skew of a real small oblast: one town with most of the children, two municipalities with a handful.
PLACES = (
    _place(
        1,
        "Каменград",
        ("гр. Рудино", "с. Долна Скала", "с. Горна Скала", "с. Клисурец", "с. Въглево"),
        {"basic": 13, "secondary": 4, "profiled": 2, "vocational": 5, "primary": 1, "sport": 1},
        7,
        {"basic": 46, "secondary": 58, "profiled": 78, "vocational": 62, "primary": 60, "sport": 24, KINDERGARTEN: 60},
    ),
    _place(
        2,
        "Ведрово",
        ("с. Изворско", "с. Габрака", "с. Дренак"),
        {"secondary": 1, "vocational": 2, "basic": 4, "primary": 1},
        3,
        {"secondary": 52, "vocational": 38, "basic": 24, "primary": 40, KINDERGARTEN: 32},
    ),
    _place(
        3, "Яворец", ("с. Новец",), {"secondary": 1, "basic": 1}, 1, {"secondary": 30, "basic": 9, KINDERGARTEN: 16}
    ),
    _place(
        4, "Горун", ("с. Бистрата",), {"secondary": 1, "basic": 1}, 1, {"secondary": 19, "basic": 6, KINDERGARTEN: 16}
    ),
    _place(5, "Студеница", (), {"secondary": 1}, 0, {"secondary": 7}, "с. Студеница"),
    _place(6, "Самодол", (), {"basic": 1}, 0, {"basic": 2}, "с. Самодол"),
)
