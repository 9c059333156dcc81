"""The oblasts of the country, each known by the key that its files are signed with."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from obhvat.country import DATASET, FLAG
from obhvat.country.keys import public_pem, read_public
from obhvat.errors import ObhvatError, UnknownName
from obhvat.language import _
from obhvat.people import Viewer
from obhvat.store import Store
from obhvat.texts import listed, printable

_LONGEST = 60


def is_country(store: Store) -> bool:
    """Whether a store is of the country: figures of oblasts, and no row of a child."""
    return store.remembered(FLAG) is not None


def trust(store: Store, oblast: str, key: bytes, viewer: Viewer) -> Ed25519PublicKey:
    """Take files of an oblast that are signed with this key, from now on with no other. The first makes a new store one
    of the country.

    Raises ObhvatError for what is no public key, for the key of another oblast, and in a store of an oblast.
    """
    viewer.must("settings")
    name, public = " ".join(printable(oblast).split()), read_public(key)
    if not name or len(name) > _LONGEST:
        raise ObhvatError(_("Името на областта е от 1 до {most} знака.").format(most=_LONGEST))
    whose = [of for of, theirs in trusted(store).items() if public_pem(theirs) == public_pem(public) and of != name]
    if whose:
        raise ObhvatError(_("С този ключ вече е вписана област {oblast}.").format(oblast=whose[0]))
    with store.transaction() as cursor:
        [(n,)] = cursor.execute(
            "select count(*) from batches where dataset <> $dataset", {"dataset": DATASET}
        ).fetchall()
        if n:
            raise ObhvatError(
                _(
                    "В тази база има данни на област. Базата на страната е отделна и в нея няма ред за дете: посочете "
                    "друг файл с --store."
                )
            )
        cursor.execute("insert or replace into meta values ($flag, '1')", {"flag": FLAG})
        cursor.execute(
            "insert into country_keys values ($oblast, $key, $at, $who)",
            {"oblast": name, "key": public_pem(public), "at": datetime.now(), "who": viewer.person},
        )
    return public


def trusted(store: Store) -> dict[str, Ed25519PublicKey]:
    """The oblasts in the order of their names, each with the key that its files must be signed with."""
    rows = store.rows(
        """
        select oblast, arg_max(public_key, set_at)
        from country_keys
        group by oblast
        order by oblast collate bg
        """
    )
    return {oblast: read_public(key.encode()) for oblast, key in rows}


def key_of(store: Store, oblast: str) -> Ed25519PublicKey:
    """The key of an oblast. Raises UnknownName for one that has none."""
    known = trusted(store)
    if oblast not in known:
        raise UnknownName(
            _("Област „{oblast}“ не е вписана. Впишете я с „obhvat country trust“ и ключа ѝ. Вписани: {names}.").format(
                oblast=oblast, names=listed(known) if known else _("нито една")
            )
        )
    return known[oblast]
