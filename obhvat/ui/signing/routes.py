"""What the server answers to who signs in, chooses a role and signs out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from obhvat.errors import ObhvatError
from obhvat.language import BULGARIAN, N_, _, current, speaking
from obhvat.people import signed_in
from obhvat.people.places import right_words
from obhvat.people.secret import WrongSecret
from obhvat.people.signing_in import MustChange, change_password, person_at, sign_in, sign_in_vouched
from obhvat.ui import room
from obhvat.ui.languages import PARAMETER
from obhvat.ui.people.lock import way_back
from obhvat.ui.session import SIGNED_IN, open_store
from obhvat.ui.signing import pages, tabs
from obhvat.ui.signing.provider import provider

PASSWORD = N_("парола")
_LONGEST_FORM = 4096
_MOST_WAITING = 20
Answer = TypeVar("Answer")
Handler = Callable[[Request], Awaitable[Response]]

# A hash takes 64 MiB and both cores: more at once would be no quicker.
_limiter: list[anyio.CapacityLimiter] = []


async def aside(work: Callable[[], Answer]) -> Answer:
    """Do what takes long or writes in a thread, a few at a time. Raises ObhvatError where too many wait."""
    if not _limiter:
        _limiter.append(anyio.CapacityLimiter(2))
    if _limiter[0].statistics().tasks_waiting >= _MOST_WAITING:
        raise ObhvatError(_("Много хора влизат наведнъж. Опитайте отново след минута."))
    return await anyio.to_thread.run_sync(work, limiter=_limiter[0])


def then_of(request: Request) -> str:
    """Where to go afterwards: an address of our own."""
    then = request.query_params.get("then", "")
    return way_back(then) if then else ""


def _spoken(answer: Handler) -> Handler:
    """In the language of who asks; what they can mend is said on a page."""

    @wraps(answer)
    async def answered(request: Request) -> Response:
        with speaking(pages.language_of(request.query_params.get(PARAMETER, ""), then_of(request))):
            if request.method == "POST" and not _is_from_here(request):
                return pages.note_page(_("Заявката не е приета"), _("Тя не идва от страница на обхват."), 403)
            try:
                return await answer(request)
            except ObhvatError as error:
                return pages.note_page(_("Не стана"), str(error), 503)

    return answered


def _is_from_here(request: Request) -> bool:
    """Whether a form was sent by a page of ours: browsers say from where, other sites' pages cannot say otherwise."""
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > _LONGEST_FORM:
        raise ObhvatError(_("Формулярът не може да се прочете."))
    try:
        return dict(parse_qsl((await request.body()).decode(), max_num_fields=10))
    except ValueError as error:
        raise ObhvatError(_("Формулярът не може да се прочете.")) from error


@_spoken
async def _sign_in(request: Request) -> Response:
    then, before = then_of(request), request.cookies.get(SIGNED_IN)
    if request.method == "GET":
        return _go(then) if signed_in.person(before) else pages.sign_in_page(then)
    form = await _form(request)
    name, password = " ".join(form.get("name", "").split()), form.get("password", "")

    def tried() -> str:
        store = open_store()
        try:
            rights = sign_in(store, name, password)
        except MustChange:
            # Right, and for nothing but choosing one's own.
            raise
        except WrongSecret:
            signed_in.refused(store, name, PASSWORD)
            raise
        return signed_in.let_in(store, rights[0].person)

    try:
        token = await aside(tried)
    except MustChange as error:
        return pages.password_page(then, name, str(error))
    except WrongSecret as error:
        return pages.sign_in_page(then, str(error), 403)
    return _signed(request, token, then)


@_spoken
async def _password(request: Request) -> Response:
    then = then_of(request)
    if request.method == "GET":
        return pages.password_page(then, signed_in.person(request.cookies.get(SIGNED_IN)) or "")
    form = await _form(request)
    name, old, new = " ".join(form.get("name", "").split()), form.get("old", ""), form.get("new", "")

    def changed() -> str:
        store = open_store()
        try:
            return signed_in.let_in(store, change_password(store, name, old, new, form.get("again", "")))
        except WrongSecret:
            signed_in.refused(store, name, PASSWORD)
            raise

    try:
        token = await aside(changed)
    except ObhvatError as error:
        return pages.password_page(then, name, str(error), 403)
    return _signed(request, token, then)


@_spoken
async def _begin(request: Request) -> Response:
    if not provider():
        return RedirectResponse(tabs.SIGN_IN, 303)
    # Takes long to import; who works alone has none.
    from obhvat.ui.signing import openid

    return await openid.begin(request, then_of(request), str(request.url.replace(path=pages.ANSWER, query="")))


@_spoken
async def _answer(request: Request) -> Response:
    asked = provider()
    if not asked:
        return RedirectResponse(tabs.SIGN_IN, 303)
    from obhvat.ui.signing import openid

    def refused(address: str) -> None:
        signed_in.refused(open_store(), address, asked.name)

    try:
        address, then, proof = await openid.vouched(request)
    except openid.NotVouched as error:
        await aside(lambda: refused(""))
        return pages.note_page(_("Не влязохте"), str(error), 403)

    def let_in() -> str:
        store = open_store()
        try:
            return signed_in.let_in(store, sign_in_vouched(store, address)[0].person, proof)
        except WrongSecret:
            refused(person_at(store, address) or "")
            raise

    try:
        token = await aside(let_in)
    except WrongSecret as error:
        return pages.note_page(_("Не влязохте"), str(error), 403)
    return _signed(request, token, then)


def _signed(request: Request, token: str, then: str) -> Response:
    """Who was let in goes on with a token that nobody had before; what they were signed in as before is over."""
    _end(request.cookies.get(SIGNED_IN))
    person = signed_in.person(token) or ""
    if signed_in.tokens_of(person) == [token]:
        # They left without leaving it.
        room.empty(person)
    answer = _go(then)
    answer.set_cookie(SIGNED_IN, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


@_spoken
async def _role(request: Request) -> Response:
    then, token = then_of(request), request.cookies.get(SIGNED_IN)
    store = open_store()
    rights = await aside(lambda: {right: right_words(store, right) for right in signed_in.rights_of(store, token)})
    who = signed_in.person(token)
    if not who or not token:
        return RedirectResponse(tabs.SIGN_IN, 303)
    if request.method == "GET":
        return pages.role_page(who, rights, then)
    wanted = (await _form(request)).get("right")
    chosen = next((right for right in rights if right.institution == wanted), None)
    if chosen is None:
        return pages.role_page(who, rights, then)
    await aside(lambda: signed_in.act_in(store, token, chosen))
    # What is open was drawn for the other role.
    tabs.end(token, "/")
    return _go(then)


@_spoken
async def _sign_out(request: Request) -> Response:
    if request.method == "GET":
        return RedirectResponse(tabs.SIGN_IN, 303)
    token = request.cookies.get(SIGNED_IN)
    proof = signed_in.proof(token)
    # The page that signs out is on its way to the answer: led elsewhere at once it does not come there, and who has an
    # account is not told to leave that, too.
    _end(token, seconds=2)
    answer = await _left(request, proof)
    answer.delete_cookie(SIGNED_IN, httponly=True, samesite="lax")
    return answer


async def _left(request: Request, proof: str) -> Response:
    asked = provider()
    if asked and proof:
        from obhvat.ui.signing import openid

        if elsewhere := await openid.way_out(proof, str(request.url.replace(path=tabs.SIGN_IN, query=""))):
            return pages.left_page(asked.name, elsewhere)
    return RedirectResponse(tabs.SIGN_IN, 303)


def _end(token: str | None, seconds: float = 0) -> None:
    if token:
        signed_in.sign_out(token)
        tabs.end(token, seconds=seconds)


def _go(then: str) -> RedirectResponse:
    return RedirectResponse(then or ("/" if current() == BULGARIAN else f"/?{PARAMETER}={current()}"), 303)


ROUTES = [
    Route(tabs.SIGN_IN, _sign_in, methods=["GET", "POST"]),
    Route(pages.PASSWORD, _password, methods=["GET", "POST"]),
    Route(pages.PROVIDER, _begin),
    Route(pages.ANSWER, _answer),
    Route(pages.ROLE, _role, methods=["GET", "POST"]),
    Route(pages.SIGN_OUT, _sign_out, methods=["GET", "POST"]),
]


async def keep_watch() -> None:
    """End the open pages of who was quiet for long or has no right any more, until this is cancelled."""
    while True:
        await anyio.sleep(15)
        for token in tabs.are_of():
            if await anyio.to_thread.run_sync(_viewer_of, token) is None:
                tabs.end(token, pages.ROLE if signed_in.person(token) else tabs.SIGN_IN)


def _viewer_of(token: str) -> object:
    return signed_in.viewer(open_store(), token)
