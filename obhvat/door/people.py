"""What commands wish of the register of people."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from obhvat.errors import ObhvatError, UnknownName
from obhvat.people import ROLES, Role, Viewer

if TYPE_CHECKING:
    from obhvat.store import Store


def fulfil(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    """List, history, add, change, end, password or address. Raises ObhvatError for what is refused."""
    from obhvat.people import register
    from obhvat.people.account import account
    from obhvat.people.signing_in import one_time_password, set_address

    by, today = register.without_signing_in(account(), "команден ред"), store.now().date()
    since, until = (date.fromisoformat(wish[day]) if wish.get(day) else None for day in ("since", "until"))
    match wish["act"]:
        case "list":
            day = date.fromisoformat(wish["day"]) if wish.get("day") else today
            return {
                "day": day.isoformat(),
                "people": [
                    {
                        "name": person.name,
                        "rights": [
                            {
                                "role": right.role.name,
                                "given": right.given,
                                "since": first.isoformat(),
                                "until": person.until[right].isoformat() if right in person.until else None,
                            }
                            for right, first in person.rights.items()
                        ],
                        "seen_at": person.seen_at.isoformat() if person.seen_at else None,
                        "signs_in": person.signs_in,
                    }
                    for person in register.people(store, day)
                ],
            }
        case "history":
            rows = register.changes(store)
            rows["role"] = [ROLES[role].name for role in rows["role"]]
            rows["since"] = rows["since"].dt.date.map(date.isoformat)
            rows["entered_at"] = rows["entered_at"].map(lambda at: at.isoformat())
            return {"changes": rows.to_dict("records")}
        case "add":
            right = Viewer(wish["name"], _role(wish["role"]), wish["given"])
            return _told(register.give(store, right, by, since, until=until))
        case "change":
            to = Viewer(wish["name"], _role(wish["role"]), wish["given"])
            return _told(register.change(store, _held(store, wish, since or today), to, by, since))
        case "end":
            right = _held(store, wish, since or today)
            register.end(store, right, by, since)
            return _told(right)
        case "password":
            return {"password": one_time_password(store, wish["name"], by)}
        case "address":
            set_address(store, wish["name"], wish["address"], by)
            return {}
    raise ObhvatError(f"Не разбирам „{wish['act']}“.")


def _told(right: Viewer) -> dict[str, Any]:
    return {"name": right.person, "role": right.role.name, "given": right.given}


def _role(name: str) -> Role:
    """By its id or its name."""
    for role in ROLES.values():
        if name.casefold() in (role.id, role.name.casefold()):
            return role
    raise UnknownName(f"Няма роля „{name}“. Ролите са: {', '.join(f'{r.id} ({r.name})' for r in ROLES.values())}.")


def _held(store: Store, wish: dict[str, Any], day: date) -> Viewer:
    """The right of a person that is meant: the one of the named role, else the only one."""
    from obhvat.people.register import rights_on

    name, was = wish["name"].casefold(), wish.get("was")
    held = [right for right in rights_on(store, day) if right.person.casefold() == name]
    meant = [right for right in held if was is None or right.role == _role(was)]
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise UnknownName(f"„{wish['name']}“ няма такова право. Кой какво има: „obhvat people list“.")
    raise ObhvatError(f"„{meant[0].person}“ има няколко права. Посочете ролята с {wish['option']}.")
