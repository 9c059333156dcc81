"""The language of who is looking: Bulgarian, or English by the gettext catalogue in obhvat/locale.

A text in the code is Bulgarian and its own msgid: `_("Училище")`, `_("{n} от {whole}").format(n=…, whole=…)`. What is
stored, and every document, is Bulgarian whoever looks: their doors speak it with `speaking(BULGARIAN)`.
"""

from __future__ import annotations

import contextlib
import gettext as gnu
import io
from collections.abc import Callable, Generator, Mapping
from contextvars import ContextVar
from functools import cache, wraps
from importlib.resources import files
from typing import Any, TypeVar

from obhvat.resources import read_toml

BULGARIAN, ENGLISH = "bg", "en"
LANGUAGES = (BULGARIAN, ENGLISH)
CATALOGUE = "locale/en/LC_MESSAGES/obhvat.po"
SHOWN: dict[str, frozenset[str]] = {
    "indicators/rules.toml": frozenset({"name", "short", "source", "sentence"}),
    "cases/terms.toml": frozenset({"rungs", "name", "source", "headings", "not_done_by"}),
    "people/keeping.toml": frozenset({"name", "holds", "since", "ground"}),
    "inspections/findings.toml": frozenset({"name"}),
    "people/rights.toml": frozenset({"name", "ground", "actions", "may"}),
    "metrics/metrics.toml": frozenset({"name", "definition", "numerator", "denominator", "source", "section"}),
    "meeting/clock.toml": frozenset({"title", "who", "law", "first", "year"}),
    "meeting/checklist.toml": frozenset({"newest"}),
    "cases/reasons.toml": frozenset({"name", "notes"}),
    "cases/published.toml": frozenset({"when", "what"}),
    "glossary.toml": frozenset({"meaning"}),
    "ui/help/guides.toml": frozenset({"words", "name", "first", "title", "text"}),
}
"""A file of declarations → the names in it whose texts people read; everything else in it is for the program."""

Answer = TypeVar("Answer")

_spoken: ContextVar[str | None] = ContextVar("language", default=None)
_chosen: list[Callable[[], str]] = [lambda: BULGARIAN]


def current() -> str:
    """The language of who is looking, one of LANGUAGES."""
    if spoken := _spoken.get():
        return spoken
    # A callback or a fragment runs before anything said so, in a thread of its own.
    _spoken.set(chosen := _chosen[0]())
    return chosen


def is_english() -> bool:
    return current() == ENGLISH


def speak(language: str) -> None:
    """From here on in this thread."""
    _spoken.set(language)


@contextlib.contextmanager
def speaking(language: str) -> Generator[None]:
    """A language for a while; as a decorator of what makes a document or stores something, Bulgarian."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def chosen_by(choice: Callable[[], str]) -> None:
    """Who is asked in a thread where nothing was said yet: the session."""
    _chosen[0] = choice


def _(text: str) -> str:
    """A text in the language of who is looking; a text that the catalogue lacks as it is."""
    return text if current() == BULGARIAN or not text else _english().gettext(text)


def N_(text: str) -> str:  # noqa: N802 - its name in gettext
    """A text that is translated where it is shown: a constant of a module."""
    return text


def B_(text: str) -> str:  # noqa: N802 - beside N_
    """A text that stays Bulgarian whoever looks: files are read by it, or it is stored."""
    return text


def ngettext(one: str, many: str, n: float) -> str:
    """The form of a text that goes with a number."""
    return _english().ngettext(one, many, 1 if n == 1 else 2) if is_english() else one if n == 1 else many


def pgettext(context: str, text: str) -> str:
    """A text that is two words in English, by where it stands."""
    return _english().pgettext(context, text) if is_english() else text


@cache
def _english() -> gnu.GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with files("obhvat").joinpath(CATALOGUE).open("rb") as source:
        catalogue = read_po(source, locale=ENGLISH)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


def by_language(make: Callable[[], Answer]) -> Callable[[], Answer]:
    """A function without arguments, worked out once for each language."""
    made = cache(lambda _language: make())
    return wraps(make)(lambda: made(current()))


def declared(path: str) -> dict[str, Any]:
    """What a TOML file declares (`obhvat.resources.read_toml`), what is read of it in the language of who is looking.

    The dictionary is shared: do not change it.
    """
    return _translated(path, current())


@cache
def _translated(path: str, language: str) -> dict[str, Any]:
    content = read_toml(path)
    return content if language == BULGARIAN else mapped(content, SHOWN[path], _)


def mapped(value: Any, shown: frozenset[str], say: Callable[[str], str], *, is_shown: bool = False) -> Any:
    """What was declared with each text under a `shown` name replaced by what `say` makes of it."""
    if isinstance(value, str):
        return say(value) if is_shown else value
    if isinstance(value, list):
        return [mapped(item, shown, say, is_shown=is_shown) for item in value]
    if isinstance(value, Mapping):
        return {name: mapped(item, shown, say, is_shown=is_shown or name in shown) for name, item in value.items()}
    return value
