"""The server's own pages: signing in, and choosing a role. Plain HTML, in the look of the application."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from obhvat.language import BULGARIAN, LANGUAGES, _, current, pgettext
from obhvat.people import Viewer
from obhvat.ui.languages import NAMES, PARAMETER
from obhvat.ui.signing.provider import provider
from obhvat.ui.signing.tabs import SIGN_IN
from obhvat.ui.widgets.html import Safe, joined, tag

ROLE, SIGN_OUT, PASSWORD = "/role", "/sign-out", "/password"
PROVIDER, ANSWER = "/sign-in/provider", "/sign-in/answer"
"""Where one goes to the provider of accounts, and where it sends one back."""
_HERE = Path(__file__).parent


def sign_in_page(then: str, wrong: str = "", status: int = 200) -> HTMLResponse:
    """The provider of accounts, where there is one, or name and password; `wrong` says why the last try was none."""
    title, asked = _("Вход"), provider()
    return _page(
        title,
        SIGN_IN,
        then,
        tag("h1", title),
        tag("p", wrong, css="act", role="alert") if wrong else "",
        tag(
            "p",
            tag("a", _("Влез с {name}").format(name=asked.name), href=_address(PROVIDER, then), css="button"),
        )
        if asked
        else "",
        tag(
            "form",
            _field("name", _("Име"), "username"),
            _field("password", _("Парола"), "current-password"),
            tag("button", _("Влез"), type="submit"),
            method="post",
            action=_address(SIGN_IN, then),
            css="out" if asked else "",
        ),
        tag("p", tag("a", _("Смяна на паролата"), href=_address(PASSWORD, then)), css="quiet"),
        tag("p", _("Достъп дава администраторът на хората. Забравена парола сменя той."), css="quiet"),
        status=status,
    )


def password_page(then: str, name: str, wrong: str = "", status: int = 200) -> HTMLResponse:
    """A password of one's own, in the place of a one-time one or of an older one."""
    title = _("Смяна на паролата")
    return _page(
        title,
        PASSWORD,
        then,
        tag("h1", title),
        tag("p", wrong, css="act", role="alert") if wrong else "",
        tag(
            "form",
            _field("name", _("Име"), "username", name),
            _field("old", _("Досегашната или еднократната парола"), "current-password"),
            _field("new", _("Новата парола"), "new-password"),
            _field("again", _("Новата още веднъж"), "new-password"),
            tag("button", _("Смени и влез"), type="submit"),
            method="post",
            action=_address(PASSWORD, then),
        ),
        tag("p", _("Поне 10 знака: няколко думи, които не вървят заедно, без вашето име."), css="quiet"),
        tag("p", tag("a", _("Към входа"), href=_address(SIGN_IN, then)), css="quiet"),
        status=status,
    )


def left_page(name: str, elsewhere: str) -> HTMLResponse:
    """Signed out here; of the provider only by one's own wish: other programs may use the same account."""
    title = _("Излязохте")
    return _page(
        title,
        SIGN_IN,
        "",
        tag("h1", title),
        tag("p", _("От обхват излязохте. На общ компютър излезте и от {name}.").format(name=name)),
        tag("a", _("Излез и от {name}").format(name=name), href=elsewhere, css="button"),
        tag("p", tag("a", _("Към входа"), href=SIGN_IN)),
    )


def role_page(person: str, rights: Mapping[Viewer, str], then: str) -> HTMLResponse:
    """In which of their roles, each as people read it, a person acts."""
    title = _("В коя роля работите?") if len(rights) > 1 else _("Продължете в ролята, която имате сега")
    return _page(
        title,
        ROLE,
        then,
        tag("h1", title),
        tag("p", person, css="quiet"),
        tag(
            "form",
            *(
                tag(
                    "button",
                    words,
                    tag("small", _(right.role.ground)),
                    type="submit",
                    name_="right",
                    value=right.institution,
                )
                for right, words in rights.items()
            ),
            method="post",
            action=_address(ROLE, then),
            css="roles",
        ),
        tag(
            "form",
            tag("button", pgettext("signing", "Изход"), type="submit"),
            method="post",
            action=SIGN_OUT,
            css="out",
        ),
    )


def note_page(title: str, text: str, status: int) -> HTMLResponse:
    """One sentence, and the way to sign in."""
    return _page(
        title,
        SIGN_IN,
        "",
        tag("h1", title),
        tag("p", text),
        tag("a", _("Към входа"), href=SIGN_IN, css="button"),
        status=status,
    )


def _field(name: str, label: str, what: str, value: str = "") -> Safe:
    kind = "text" if what == "username" else "password"
    given = {"id": name, "name_": name, "type": kind, "value": value, "autocomplete": what, "required": "required"}
    return joined([tag("label", label, for_=name), tag("input", **given)])


def _address(path: str, then: str, **more: str) -> str:
    asked = {**({"then": then} if then else {}), PARAMETER: current(), **more}
    return f"{path}?{urlencode(asked)}"


def _page(title: str, path: str, then: str, *inside: object, status: int = 200) -> HTMLResponse:
    languages = [
        tag("b", NAMES[language], lang=language)
        if language == current()
        else tag("a", NAMES[language], href=_address(path, then, **{PARAMETER: language}), lang=language)
        for language in LANGUAGES
    ]
    logo = tag("img", src=f"data:image/svg+xml;base64,{_logo()}", alt=_("обхват"))
    head = tag(
        "head",
        Safe('<meta charset="utf-8"><meta name="viewport" content="width=device-width">'),
        tag("title", _("{title} · обхват").format(title=title)),
        Safe('<link rel="icon" href="data:,">'),
        tag("style", Safe(_style())),
    )
    body = tag("main", tag("header", logo, tag("span", joined(languages, " / "), translate="no")), *inside)
    allowed = f"default-src 'none'; style-src '{_hash_of_style()}'; img-src data:; form-action 'self'"
    return HTMLResponse(
        f"<!doctype html>{tag('html', head, tag('body', body), lang=current())}",
        status,
        {
            "cache-control": "no-store",
            "content-security-policy": f"{allowed}; base-uri 'none'; frame-ancestors 'none'",
            # Without a referrer a form's origin would be „null“.
            "referrer-policy": "same-origin",
        },
    )


@cache
def _style() -> str:
    return (_HERE / "page.css").read_text("utf-8")


@cache
def _hash_of_style() -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()}"


@cache
def _logo() -> str:
    return base64.b64encode((_HERE.parent / "assets" / "logo.svg").read_bytes()).decode()


def language_of(asked: str, then: str) -> str:
    """The language that is asked for, else the one of the page that is gone to."""
    if asked in LANGUAGES:
        return asked
    return next((language for language in LANGUAGES if f"{PARAMETER}={language}" in then), BULGARIAN)
