"""The file an oblast sends: a line about it, a line a figure, and a line that signs all before it.

Text, so that who sends it can read what is sent, and any other program, too (JSON Lines): the signature is Ed25519 of
the bytes before the last line, after `_MARK`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from obhvat.country.told import Told, read_told
from obhvat.errors import UnreadableFile
from obhvat.language import _

FORMAT = 1
SUFFIX = ".jsonl"
_MARK = b"obhvat figures 1\n"
"""What is signed begins with this, so that no other text that the key ever signs is a file."""
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_MOST_BYTES, _LONGEST_LINE, _LONGEST_NAME, _LONGEST_VERSION = 16_000_000, 2000, 60, 40


@dataclass(frozen=True)
class About:
    """What a file says of itself."""

    oblast: str
    month: date
    """Its first day."""
    made_at: datetime
    """In UTC, with seconds."""
    program: str


@dataclass(frozen=True)
class Signed:
    """A file that was read, and not yet believed: `rows` are asked for only with the key of the oblast it names."""

    name: str
    about: About
    sha256: str
    _body: bytes
    _signature: bytes

    def rows(self, key: Ed25519PublicKey) -> tuple[Told, ...]:
        """Its figures. Raises UnreadableFile where another key signed it, it was changed since, or what is signed is
        no such file."""
        try:
            key.verify(self._signature, _MARK + self._body)
        except InvalidSignature:
            raise UnreadableFile(
                _(
                    "„{name}“ не е подписан с ключа, вписан за област {oblast}, или е променен след подписването; "
                    "поискайте го отново от областта."
                ).format(name=self.name, oblast=self.about.oblast)
            ) from None
        try:
            first, *lines = self._body.decode("utf-8").rstrip("\n").split("\n")
            rows = tuple(read_told(json.loads(line)) for line in lines)
            once = {(row.metric, row.period) for row in rows}
            if not len(once) == len(rows) == json.loads(first)["figures"]:
                raise ValueError("figures")
        except (ValueError, TypeError, RecursionError):
            raise not_ours(self.name) from None
        return rows


def not_ours(name: str) -> UnreadableFile:
    return UnreadableFile(
        _(
            "„{name}“ не е файл с числа на област, който тази версия чете: той се прави с „obhvat figures export“; "
            "ако областта е с по-нова версия, обновете програмата."
        ).format(name=name)
    )


def sign(about: About, rows: Sequence[Told], key: Ed25519PrivateKey) -> bytes:
    """The file."""
    first = {
        "obhvat_figures": FORMAT,
        "oblast": about.oblast,
        "month": f"{about.month:%Y-%m}",
        "made_at": about.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "program": about.program,
        "audience": "press",
        "figures": len(rows),
    }
    body = "".join(f"{_line(one)}\n" for one in (first, *(row.as_json() for row in rows))).encode()
    signature = base64.b64encode(key.sign(_MARK + body)).decode("ascii")
    return body + f"{_line({'signature': signature})}\n".encode()


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read_signed(name: str, data: bytes) -> Signed:
    """What a file says of itself. Raises UnreadableFile for one that is no such file, or is not signed."""
    if len(data) > _MOST_BYTES:
        raise not_ours(name)
    body, signature = _parted(name, data)
    first = body.split(b"\n", 1)[0]
    try:
        about = _about(json.loads(first[:_LONGEST_LINE].decode("utf-8")))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise not_ours(name) from None
    if signature is None:
        raise UnreadableFile(_("„{name}“ не е подписан; поискайте го отново от областта.").format(name=name))
    return Signed(name, about, hashlib.sha256(data).hexdigest(), body, signature)


def _parted(name: str, data: bytes) -> tuple[bytes, bytes | None]:
    """What is signed, and the signature; None where there is none."""
    # An editor or a mail program may end lines in its own way: then it is not what was signed.
    lines = data.rstrip(b"\r\n").rsplit(b"\n", 1)
    try:
        last = json.loads(lines[-1][:_LONGEST_LINE])
    except (ValueError, RecursionError):
        raise not_ours(name) from None
    if len(lines) < 2 or not isinstance(last, dict) or [*last] != ["signature"]:
        return data, None
    try:
        signature = base64.b64decode(last["signature"], validate=True)
    except (binascii.Error, TypeError, ValueError):
        signature = b""
    return lines[0] + b"\n", signature


def _about(first: Any) -> About:
    if not isinstance(first, dict) or first["obhvat_figures"] != FORMAT or first["audience"] != "press":
        raise ValueError("format")
    oblast, month, program = first["oblast"], first["month"], first["program"]
    made_at = datetime.fromisoformat(first["made_at"])
    is_named = isinstance(oblast, str) and 0 < len(oblast.strip()) <= _LONGEST_NAME and oblast.isprintable()
    if not is_named or not _MONTH.fullmatch(month) or made_at.tzinfo is None:
        raise ValueError("about")
    if not isinstance(program, str) or len(program) > _LONGEST_VERSION or not program.isprintable():
        raise ValueError("program")
    return About(oblast.strip(), date.fromisoformat(f"{month}-01"), made_at.astimezone(UTC), program)
