"""Who looked at what, as a command asks for it: with the key alone, so that it answers when the store cannot be opened,
too."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from obhvat.errors import StoreUnusable
from obhvat.people import ROLES
from obhvat.people.log import WHAT, Log, Verified, verify
from obhvat.store.pseudonyms import key_path, read_key

if TYPE_CHECKING:
    from obhvat.door.wishes import Opening, Wish


def audit(path: Path, wish: Wish) -> dict[str, Any]:
    """The lines that are wished, the newest first, in words. Raises StoreUnusable when there is no key."""
    since, until = (date.fromisoformat(wish[day]) if wish.get(day) else None for day in ("since", "until"))
    case, person = wish.get("case"), wish.get("person")
    looks = _log(path).looks(cases=[case] if case else (), person=person, since=since, until=until)
    return {
        "looks": [
            {
                "at": look.at.isoformat(),
                "person": look.person,
                "role": ROLES[look.role].name if look.role in ROLES else look.role,
                "what": WHAT.get(look.what, look.what),
                "place": look.place,
                "n": look.n,
            }
            for look in looks
        ]
    }


def verified(path: Path, opening: Opening) -> dict[str, Any]:
    """Whether the log is whole. `remembered` is false where the store cannot be asked how far it had come."""
    with ExitStack() as opened:
        try:
            store = opened.enter_context(opening(False))
        except StoreUnusable:
            return _told(_log(path).verify()) | {"remembered": False}
        return _told(verify(store)) | {"remembered": True}


def _told(found: Verified) -> dict[str, Any]:
    return {
        "lines": found.lines,
        "broken": list(found.broken),
        "missing": found.missing,
        "exchanged": found.exchanged,
        "cut": found.cut,
        "whole": found.is_whole,
    }


def _log(path: Path) -> Log:
    key = read_key(path)
    if key is None:
        raise StoreUnusable(
            f"До мястото на базата „{path.name}“ няма ключ „{key_path(path).name}“, а без него записът кой какво е "
            "гледал не се чете. Посочете базата с --store или върнете ключа от мястото, където го пазите."
        )
    return Log(path, key)
