"""Who is looking: a person in one role. A question that can be answered with a child's row is asked by a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from obhvat.errors import NotAllowed
from obhvat.language import _
from obhvat.people.roles import ROLES, Action, Cases, Most, Role

_LEAST_FIRST: tuple[Most, ...] = ("press", "members", "internal")


@dataclass(frozen=True)
class Reach:
    """Whose children's rows a question is answered with: a part of the query, never a filter after it."""

    cases: Cases
    given: str = ""
    """The municipality's or the institution's name, or the school's code; empty for the oblast."""
    institution: str = ""
    """Whose notes of its own are told with them."""
    partner_in: frozenset[tuple[str, str, date]] = frozenset()
    """Number, municipality and school year (its 15 September) of the cases that an institution takes part in."""
    hidden: frozenset[int] = frozenset()
    """Children, by pseudonym, whose processing is restricted: they are told to nobody."""

    @property
    def is_all(self) -> bool:
        """Whether it is everything, so that nothing has to be left out."""
        return self.cases == "all" and not self.hidden


EVERY = Reach("all")
"""What numbers are counted from. No row of it leaves the floors that count."""


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

    def has_place(self, municipality: str, school: str = "") -> bool:
        """Whether a municipality, or a school in it, is of what this person is given. The oblast has no municipality;
        an institution has cases, and no place."""
        match self.role.place:
            case "oblast":
                return True
            case "municipality":
                return bool(self.given) and municipality == self.given
            case "school":
                return bool(self.given) and school == self.given
            case "institution":
                return False

    @property
    def institution(self) -> str:
        """Whose a note is that this person keeps to the own institution: the role, and what it is given: „expert“,
        „coordinator:Горун“."""
        return ":".join(filter(None, (self.role.id, self.given)))

    def reach(self) -> Reach:
        """Whose rows may be told. Raises NotAllowed for who is shown no child, before anything is asked."""
        if not self.sees_children:
            raise NotAllowed(
                _("Ролята „{role}“ няма достъп до данни за отделно дете. Влезте с друга роля.").format(
                    role=self.role.name
                )
            )
        return Reach(self.role.cases, self.given, self.institution)

    def reach_of_pupils(self) -> Reach:
        """The same of lists of pupils, which an institution that only takes part in cases is not told."""
        reach = self.reach()
        if reach.cases == "partner":
            raise NotAllowed(
                _("Ролята „{role}“ вижда само случаите, в които участва, не и списъци с ученици.").format(
                    role=self.role.name
                )
            )
        return reach

    def may_withdraw(self, author: str) -> bool:
        """Whether an entry of a person may be taken back: by its author, and by who undoes what others entered."""
        return author == self.person or self.may("undo")

    def must_withdraw(self, author: str) -> None:
        """Raises NotAllowed for an entry of another person that this one may not take back."""
        if not self.may_withdraw(author):
            raise NotAllowed(
                _("Записът е на {who}: оттегля го който го е въвел или експерт от РУО.").format(who=author)
            )

    def must(self, action: Action) -> None:
        """Raises NotAllowed for what the role does not give."""
        if not self.may(action):
            raise NotAllowed(
                _("Ролята „{role}“ няма това право. Обърнете се към експерт от РУО.").format(role=self.role.name)
            )


ALONE = Viewer("", ROLES["expert"])
"""Who works alone on this machine: all of the oblast, as an expert of the regional department."""
