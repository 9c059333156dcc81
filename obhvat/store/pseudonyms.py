"""The key that turns identifiers into pseudonyms, and files into what they are known again by. It lives beside the
store, never in it."""

from __future__ import annotations

import codecs
import getpass
import hashlib
import hmac
import os
import secrets
import subprocess
import sys
from pathlib import Path

from obhvat.errors import StoreUnusable
from obhvat.language import _

# 144 bits in 24 characters: key, colon and ten digits fit one SHA-256 block.
_KEY_BYTES = 18


def key_path(store_path: Path) -> Path:
    """Where the key of a store is kept."""
    return store_path.with_suffix(".key")


def _keep_to_owner(path: Path) -> None:
    """Windows has no owner bits: take inherited rights away and leave the owner's."""
    if sys.platform == "win32":
        subprocess.run(
            ["icacls", str(path), "/inheritance:r", "/grant:r", f"{getpass.getuser()}:F"],
            check=False,
            capture_output=True,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )


def read_key(store_path: Path) -> str | None:
    """The key of a store, or None when there is none yet. Raises StoreUnusable for a file that holds no text.

    An editor that saves the file may put a mark of its encoding in front, which is no part of the key.
    """
    path = key_path(store_path)
    if not path.exists():
        return None
    data = path.read_bytes()
    try:
        text = data.decode("utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
        text.encode("ascii")
    except UnicodeError as error:
        raise StoreUnusable(
            _("Файлът „{name}“ не е ключ на обхват или е повреден. Върнете ключа от мястото, където го пазите.").format(
                name=path.name
            )
        ) from error
    return text.strip() or None


def make_key(store_path: Path) -> str:
    """Make a store's key, readable by its owner only. Raises StoreUnusable when there is one already."""
    path = key_path(store_path)
    if path.exists() and read_key(store_path) is None:
        # A first start that was cut short left the file without its key.
        path.unlink()
    key = secrets.token_urlsafe(_KEY_BYTES)
    keep_secret(path, key)
    return key


def keep_secret(path: Path, secret: str) -> None:
    """Write a secret in ASCII to a new file, readable by its owner only. Raises StoreUnusable when there is one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise StoreUnusable(_("Ключът „{path}“ вече съществува и не се презаписва.").format(path=path)) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    _keep_to_owner(path)


def fingerprint(key: str) -> str:
    """What the store keeps to know its key again; the key cannot be had from it."""
    return hashlib.sha256(f"obhvat key {key}".encode()).hexdigest()[:16]


def keyed_hash(key: str, of: str, text: str) -> str:
    """A hash in hexadecimal of a text, `of` something: who has no key cannot find the text by trying all there are."""
    return hmac.new(key.encode(), f"{of} {text}".encode(), hashlib.sha256).hexdigest()


def throwaway_key() -> str:
    """A key for reading without a store: its pseudonyms join nothing."""
    return secrets.token_urlsafe(_KEY_BYTES)
