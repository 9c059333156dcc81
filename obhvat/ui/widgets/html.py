"""HTML of our own: everything that comes from outside is escaped here and nowhere else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

import streamlit as st

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-!|<>~:$])")


class Safe(str):
    """HTML made by us. Any other text is escaped when it is put into HTML."""


def safe(value: object) -> Safe:
    """`value` as HTML: as it is when we made it, escaped otherwise."""
    return value if isinstance(value, Safe) else Safe(html.escape(str(value)))


def tag(name: str, *inside: object, css: str = "", **attributes: str) -> Safe:
    """One element. Attribute names ending in an underscore lose it (`class_` is `css`)."""
    given = {"class": css} if css else {}
    given |= {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    written = "".join(f' {key}="{html.escape(str(value), quote=True)}"' for key, value in given.items())
    return Safe(f"<{name}{written}>{''.join(map(safe, inside))}</{name}>")


def joined(parts: Iterable[object], between: str = "") -> Safe:
    """Parts one after another."""
    return Safe(between.join(map(safe, parts)))


def plain(text: object) -> str:
    """A text for a widget's label, where Streamlit would read Markdown: nothing in it is markup."""
    return _MARKUP.sub(r"\\\1", str(text))


def show(*parts: object) -> None:
    """Put HTML on the page."""
    st.html(joined(parts))


def lead(*parts: object) -> None:
    """The page's first line: its answer, in words and numbers."""
    show(tag("h1", *parts, css="lead"))


def bold(text: object) -> Safe:
    return tag("b", text)


def part(title: str, note: str = "") -> None:
    """The heading of a picture or a table, with what it is for under it."""
    show(tag("h2", title, tag("small", note) if note else "", css="part"))


def notice(kind: str, *inside: object) -> None:
    """A note that stands out: `act` (red, something must be done), `mind`, `good` or plain."""
    show(tag("div", *inside, css=f"notice {kind}".strip(), role="status"))


def quiet(*inside: object) -> None:
    """A remark under or instead of something."""
    show(tag("p", *inside, css="quiet"))


def stamp(*parts: str) -> None:
    """The page's last line: what its numbers are of."""
    show(tag("p", " · ".join(parts), css="stamp"))


def bullets(items: Iterable[object]) -> Safe:
    return tag("ul", *(tag("li", item) for item in items))


def table(
    captions: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: Sequence[int] = (),
    total: Sequence[object] | None = None,
    caption: str = "",
) -> Safe:
    """A table with Bulgarian captions. `numbers` are the columns set to the right; `total` is the last row."""

    def cells(kind: str, row: Sequence[object]) -> Safe:
        return joined(tag(kind, cell, css="n" if n in numbers else "") for n, cell in enumerate(row))

    head = tag(
        "thead",
        tag(
            "tr",
            *(tag("th", c, css="n" if n in numbers else "", scope="col") for n, c in enumerate(captions)),
        ),
    )
    body = [tag("tr", cells("td", row)) for row in rows]
    if total is not None:
        body.append(tag("tr", cells("td", total), css="sum"))
    return tag("table", tag("caption", caption) if caption else "", head, tag("tbody", *body), css="grid")
