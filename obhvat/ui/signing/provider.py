"""The provider of accounts that people sign in with: what is declared of it. The protocol is in `openid`."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from obhvat.errors import ObhvatError
from obhvat.resources import read_toml_at

FILE = "OBHVAT_PROVIDER"
"""The variable that names its file."""
VERIFIED = "email"
"""The claim beside which the provider says whether it is verified."""


@dataclass(frozen=True)
class Declared:
    """The provider, as its file declares it (`obhvat/deploy/provider.toml`)."""

    name: str
    metadata: str
    client_id: str
    client_secret: str
    claim: str = VERIFIED
    """Which of its claims is the address by which the register knows a person."""


def declared(path: Path) -> Declared:
    """Read the file of a provider. Raises ObhvatError for one that is not whole."""
    try:
        given = read_toml_at(path)
    except (OSError, ValueError) as error:
        raise ObhvatError(f"Файлът за доставчика на вход „{path}“ не се чете: {error}") from error
    names = {field.name for field in fields(Declared)}
    needed = names - {"claim"}
    if missing := sorted(needed - {name for name in given if given[name]}):
        raise ObhvatError(f"Във файла „{path.name}“ липсва: {', '.join(missing)}.")
    if unknown := sorted(set(given) - names):
        raise ObhvatError(f"Във файла „{path.name}“ има непознато: {', '.join(unknown)}.")
    at = urlsplit(given["metadata"])
    if at.scheme != "https" and at.hostname not in ("127.0.0.1", "localhost"):
        raise ObhvatError(f"Във файла „{path.name}“ адресът „metadata“ трябва да започва с https://.")
    return Declared(**given)


@cache
def provider() -> Declared | None:
    """The one that the server was started with."""
    named = os.environ.get(FILE)
    return declared(Path(named)) if named else None
