"""What the commands of figures that oblasts send wish of a store: of an oblast to send, of the country to keep."""

from __future__ import annotations

import base64
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from obhvat.store import Store


def figures(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    """The signed file of a month, or the public key. Raises ObhvatError."""
    from obhvat.country.export import figures_file
    from obhvat.country.keys import fingerprint, public_pem, signing_key
    from obhvat.scope import oblast_name

    public = signing_key(store.path).public_key()
    answer = {"fingerprint": fingerprint(public)}
    if wish["act"] == "key":
        return answer | {"oblast": oblast_name(store), "key": public_pem(public)}
    month = wish.get("month")
    name, data = figures_file(store, date.fromisoformat(month) if month else None)
    return answer | {"name": name, "data": base64.b64encode(data).decode("ascii")}


def country(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    """Enrol an oblast, store files, or say what each oblast has sent. Raises ObhvatError."""
    from dataclasses import asdict

    from obhvat.country.compared import months, senders
    from obhvat.country.importing import import_figures
    from obhvat.country.keys import fingerprint
    from obhvat.country.oblasts import trust, trusted
    from obhvat.people.account import alone

    match wish["act"]:
        case "trust":
            key = trust(store, wish["oblast"], base64.b64decode(wish["key"]), alone())
            return {"oblast": wish["oblast"], "fingerprint": fingerprint(key)}
        case "import":
            files = [(name, base64.b64decode(data)) for name, data in wish["files"]]
            return {"files": [asdict(done) for done in import_figures(store, files, alone())]}
    newest = next(iter(months(store)), None)
    keys = trusted(store)
    sent = senders(store, newest) if newest else []
    last = {one.oblast: one.last_month.isoformat() if one.last_month else None for one in sent}
    return {
        "oblasts": [
            {"oblast": oblast, "fingerprint": fingerprint(key), "last_month": last.get(oblast)}
            for oblast, key in keys.items()
        ]
    }
