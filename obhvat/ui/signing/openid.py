"""Signing in by an account of an OpenID Connect provider: the ministry's, the schools', any other.

Authlib does the protocol (code flow with PKCE, nonce, the provider's keys). What `st.login` would keep is a cookie that
holds for thirty days and that no server ends, and it guards no upload and no file; so the session is ours. What is
begun is kept here for a few minutes, by a cookie of the browser that began it.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from obhvat.errors import ObhvatError
from obhvat.language import _
from obhvat.ui.signing.provider import VERIFIED, provider

_log = logging.getLogger(__name__)
_BEGUN = "obhvat-sign-in"
_MINUTES = 10 * 60
_MOST_BEGUN = 1000


class NotVouched(ObhvatError):
    """The provider does not say who it is."""


@cache
def _client() -> StarletteOAuth2App:
    asked = provider()
    assert asked
    kwargs = {"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10}
    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=asked.client_id,
        client_secret=asked.client_secret,
        server_metadata_url=asked.metadata,
        client_kwargs=kwargs,
    )
    return oauth.create_client("provider")


@dataclass
class _Begun:
    session: dict[str, Any]
    then: str
    at: float


_begun: dict[str, _Begun] = {}


async def begin(request: Request, then: str, answers_at: str) -> Response:
    """Send the browser to the provider. Raises ObhvatError when it does not answer."""
    now = monotonic()
    for key in [key for key, begun in _begun.items() if now - begun.at > _MINUTES]:
        del _begun[key]
    if len(_begun) >= _MOST_BEGUN:
        del _begun[next(iter(_begun))]
    key = secrets.token_urlsafe(32)
    _begun[key] = _Begun({}, then, now)
    asked = Request({**request.scope, "session": _begun[key].session})
    try:
        # Who sits at a shared machine is asked which account it is.
        answer = await _client().authorize_redirect(asked, answers_at, prompt="select_account")
    except (AuthlibBaseError, HTTPError, RuntimeError) as error:
        raise _not_there(error) from error
    is_secure = request.url.scheme == "https"
    answer.set_cookie(_BEGUN, key, max_age=_MINUTES, httponly=True, samesite="lax", secure=is_secure, path="/sign-in")
    return answer


async def vouched(request: Request) -> tuple[str, str, str]:
    """The address that the provider vouches for, where its person wanted to go, and the token by which they are signed
    out there. Raises NotVouched, and ObhvatError when the provider does not answer."""
    begun = _begun.pop(request.cookies.get(_BEGUN, ""), None)
    asked = provider()
    if begun is None or monotonic() - begun.at > _MINUTES or not asked:
        raise NotVouched(_("Входът е започнат в друг прозорец или преди много време. Опитайте отново."))
    answered = Request({**request.scope, "session": begun.session})
    try:
        metadata = await _client().load_server_metadata()
        wanted = {"iss": {"values": [metadata["issuer"]]}, "aud": {"values": [asked.client_id]}}
        answer = await _client().authorize_access_token(answered, claims_options=wanted)
    except HTTPError as error:
        raise _not_there(error) from error
    except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise NotVouched(_("{name} не потвърди кой сте. Опитайте отново.").format(name=asked.name)) from error
    claims = answer.get("userinfo") or {}
    address = claims.get(asked.claim)
    if not isinstance(address, str) or (asked.claim == VERIFIED and claims.get("email_verified") is not True):
        raise NotVouched(_("{name} не потвърждава адреса ви.").format(name=asked.name))
    return address.strip(), begun.then, answer["id_token"]


async def way_out(id_token: str, back: str) -> str | None:
    """Where one signs out of the provider, too; None where it has no such address."""
    try:
        client = _client()
        asked = {"id_token_hint": id_token, "client_id": client.client_id}
        return (await client.create_logout_url(post_logout_redirect_uri=back, **asked))["url"]
    except (AuthlibBaseError, HTTPError, KeyError, RuntimeError):
        return None


def _not_there(error: Exception) -> ObhvatError:
    # Who runs the server can mend it; who signs in is told what to do meanwhile.
    _log.warning("The provider of accounts: %s: %s", type(error).__name__, error)
    asked = provider()
    return ObhvatError(
        _("{name} не отговаря. Опитайте отново след малко или влезте с име и парола.").format(
            name=asked.name if asked else ""
        )
    )
