"""The pair of keys by which a file of figures is known to be of an oblast, and to be as the oblast wrote it.

The private one lies beside the store, for its owner alone, and never leaves the machine. The public one is carried to
the ministry once, and its fingerprint read out over the telephone. Ed25519 (RFC 8032).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from obhvat.errors import ObhvatError, StoreUnusable
from obhvat.language import _
from obhvat.store.pseudonyms import keep_secret


def signing_key_path(store_path: Path) -> Path:
    """Where the private key of a store is kept."""
    return store_path.with_suffix(".signing")


def signing_key(store_path: Path) -> Ed25519PrivateKey:
    """The private key of a store, made when it is asked for first. Raises StoreUnusable for a file that holds none."""
    path = signing_key_path(store_path)
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        keep_secret(path, made.decode("ascii"))
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreUnusable(
            _(
                "Файлът „{name}“ не е ключ за подписване или е повреден. Върнете го от мястото, където го пазите, или "
                "го преместете: при следващото изпращане се прави нов ключ, който министерството вписва отново."
            ).format(name=path.name)
        )
    return key


def public_pem(key: Ed25519PublicKey) -> str:
    """A public key as it is carried to the ministry and kept there."""
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, spki).decode("ascii")


def read_public(data: bytes) -> Ed25519PublicKey:
    """A public key of a file. Raises ObhvatError for what is none, a private key above all."""
    if b"PRIVATE" in data:
        raise ObhvatError(
            _(
                "Това е тайният ключ на областта: той не се изпраща на никого. Поискайте файла, който прави "
                "„obhvat figures key“."
            )
        )
    try:
        key = serialization.load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ObhvatError(_("Това не е ключ на област. Поискайте файла, който прави „obhvat figures key“."))
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """What two people compare over the telephone: „3f2a 91c0 77de 04b8 5a6c 19e3“."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    digest = hashlib.sha256(raw).hexdigest()[:24]
    return " ".join(digest[n : n + 4] for n in range(0, len(digest), 4))
