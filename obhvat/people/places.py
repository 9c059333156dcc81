"""Of which part of the oblast a role can be given: the municipalities and schools of the store's own register, and the
institutions that take part in cases."""

from __future__ import annotations

from collections.abc import Mapping

from obhvat.datasets import Value, dataset
from obhvat.errors import ObhvatError
from obhvat.language import N_, _
from obhvat.people.roles import Role
from obhvat.people.viewer import Viewer
from obhvat.store import Store
from obhvat.texts import listed

# The institutions that are none of the other roles.
_PARTNERS = ("police", "health", "social", "grao", "child_protection", "commission", "dazd")


def places_of(store: Store, role: Role) -> Mapping[str, str]:
    """What a role may be given of the oblast: as it is kept → as people read it; empty for the whole oblast."""
    if role.place == "oblast":
        return {}
    if role.place == "institution":
        return {value.caption: value.caption for value in _partners()}
    rows = store.rows(
        """
        select distinct
            schools.code,
            schools.name,
            schools.municipality,
            schools.settlement
        from schools
        join live_slices('schools', $now) as live on live.slice_id = schools.slice_id
        where coalesce(schools.active, true) and schools.municipality is not null
        order by schools.municipality, schools.settlement, schools.name
        """,
        {"now": store.now()},
    )
    if role.place == "municipality":
        return {municipality: municipality for _code, _name, municipality, _settlement in rows}
    return {code: ", ".join(filter(None, (name, settlement or at))) for code, name, at, settlement in rows}


def place_words(store: Store, right: Viewer) -> str:
    """What of the oblast a right gives, as people read it: a school by its name, while it is in the register."""
    if right.role.place != "school":
        return right.given
    now = store.now()
    return store.kept("names of schools", now, lambda: places_of(store, right.role)).get(right.given, right.given)


def right_words(store: Store, right: Viewer) -> str:
    """„Координатор на община – Горун“, as people read it."""
    role, place = _(right.role.name), place_words(store, right)
    return f"{role} – {place}" if place else role


def _partners() -> list[Value]:
    values = [value for value in dataset("actions")["institutions"].values if value.code in _PARTNERS]
    return sorted(values, key=lambda value: value.caption)


def party_of(right: Viewer) -> str | None:
    """The code by which the register of actions knows whom a right acts for; None for who acts for no part of the
    oblast."""
    if right.role.place == "institution":
        return next((value.code for value in _partners() if value.caption == right.given), None)
    return right.role.place if right.role.place in ("municipality", "school") else None


def place_of(store: Store, right: Viewer) -> str:
    """What of the oblast a role gives, as the rows name it. Raises ObhvatError for what there is not."""
    given, place = right.given.strip(), right.role.place
    if place == "oblast":
        if given:
            raise ObhvatError(_("„{role}“ е за цялата област.").format(role=_(right.role.name)))
        return ""
    if place == "institution":
        names = {name.casefold(): v.caption for v in _partners() for name in (v.caption, *v.synonyms)}
        if given.casefold() not in names:
            captions = listed([value.caption for value in _partners()], N_("или"))
            raise ObhvatError(_("Посочете институция: {captions}.").format(captions=captions))
        return names[given.casefold()]
    if given not in places_of(store, right.role):
        raise ObhvatError(
            _("Няма община „{given}“ в регистъра на институциите.").format(given=given)
            if place == "municipality"
            else _("Няма институция с код „{given}“ в регистъра на институциите.").format(given=given)
        )
    return given
