"""Who is looking: a person in one role. A question that can be answered with a child's row is asked by a viewer."""

from __future__ import annotations

from dataclasses import dataclass

from obhvat.people.roles import ROLES, Action, Most, Role

_LEAST_FIRST: tuple[Most, ...] = ("press", "members", "internal")


@dataclass(frozen=True)
class Viewer:
    """A person who acts in one role, and what of the oblast that role gives this person."""

    person: str
    """The name that entries and the log carry."""
    role: Role
    given: str = ""
    """The municipality's or the institution's name, or the school's code; empty for the oblast."""

    def may(self, action: Action) -> bool:
        return self.role.may(action)

    def shown_at_most(self, audience: Most) -> Most:
        """What is asked for, or the most that this role may be shown."""
        return min(audience, self.role.audience, key=_LEAST_FIRST.index)

    @property
    def sees_children(self) -> bool:
        return self.role.cases != "none"


ALONE = Viewer("", ROLES["expert"])
"""Who works alone on this machine: all of the oblast, as an expert of the regional department."""
