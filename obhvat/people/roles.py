"""Roles and their rights, from the one table `rights.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from obhvat.resources import read_toml

Action = Literal[
    "enter",
    "upload",
    "settle",
    "plan",
    "undo",
    "export",
    "meeting",
    "documents",
    "settings",
    "people",
    "log",
    "forget",
]
Place = Literal["oblast", "municipality", "school", "institution"]
Cases = Literal["all", "municipality", "partner", "school", "none"]
Most = Literal["internal", "members", "press"]


@dataclass(frozen=True)
class Right:
    """One thing a role may do, and why."""

    action: Action
    name: str
    why: str


@dataclass(frozen=True)
class Role:
    """A part in the Mechanism: what who plays it sees and does."""

    id: str
    name: str
    ground: str
    """The legal or published ground."""
    place: Place
    """What a person in this role is given: all of it, or one municipality, school or institution."""
    audience: Most
    """The most it may be shown."""
    cases: Cases
    pages: tuple[str, ...]
    rights: tuple[Right, ...]

    def may(self, action: Action) -> bool:
        return any(right.action == action for right in self.rights)

    def why(self, action: Action) -> str:
        """Why it may; empty where it may not."""
        return next((right.why for right in self.rights if right.action == action), "")


def _read() -> dict[str, Role]:
    table = read_toml("people/rights.toml")
    actions = table["actions"]
    assert set(actions) == set(get_args(Action))
    return {
        role["id"]: Role(
            **{key: role[key] for key in ("id", "name", "ground", "place", "audience", "cases")},
            pages=tuple(role["pages"]),
            rights=tuple(Right(action, actions[action], why) for action, why in role["may"].items()),
        )
        for role in table["roles"]
    }


ROLES = _read()
