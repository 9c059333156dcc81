"""Columns that are dropped at the door, whatever file they come in and in whatever letters their captions are."""

from __future__ import annotations

from functools import cache

from obhvat.datasets import latin
from obhvat.datasets.captions import normal

PERSONAL_CAPTIONS = frozenset(
    normal(caption)
    for caption in (
        "име",
        "имена",
        "презиме",
        "фамилия",
        "ученик",
        "дете",
        "име на ученика",
        "име на детето",
        "имена на ученика",
        "имена на детето",
        "трите имена",
        "име, презиме, фамилия",
        "собствено име",
        "бащино име",
        "фамилно име",
        "name 1",
        "name 2",
        "name 3",
        "firstname",
        "middlename",
        "lastname",
        "first name",
        "middle name",
        "last name",
        "адрес",
        "адрес на детето",
        "настоящ адрес",
        "постоянен адрес",
        "улица",
        "телефон",
        "тел",
        "телефон за връзка",
        "gsm",
        "мобилен телефон",
        "e-mail",
        "email",
        "имейл",
        "електронна поща",
        "родител",
        "родители",
        "име на родителя",
        "имена на родителя",
        "майка",
        "баща",
        "настойник",
        "дата на раждане",
        "рождена дата",
        "директор",
        "класен ръководител",
        "етнос",
        "етническа принадлежност",
        "вероизповедание",
    )
)


@cache
def _personal_keys() -> frozenset[str]:
    return frozenset(key for caption in PERSONAL_CAPTIONS for key in latin.keys(caption))


def is_personal(caption: str) -> bool:
    """Whether a column under this caption is dropped at the door, in whatever letters the caption is."""
    return normal(caption) in PERSONAL_CAPTIONS or (
        latin.is_unusual(caption) and latin.key(caption) in _personal_keys()
    )
