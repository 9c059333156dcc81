"""The texts of the code and of its declarations, and the English catalogue they are translated in.

`python tests/language/catalogue.py` puts new texts into the catalogue, to be translated there, and takes out those
that are gone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from obhvat import datasets, layouts
from obhvat.language import CATALOGUE, ENGLISH, SHOWN, mapped
from obhvat.resources import read_toml
from obhvat.texts import NOUNS

CYRILLIC = re.compile("[А-Яа-я]")
ROOT = Path(__file__).parents[2]
PATH = ROOT / "obhvat" / CATALOGUE
# Files are read and documents are made by these words, too: they are translated where they are shown.
SHOWN_IN_PLACE = {
    **{
        f"datasets/{name}.toml": frozenset({"title", "one_row", "caption", "unit", "note", "words"})
        for name in datasets.NAMES
    },
    **{f"layouts/{name}.toml": frozenset({"title"}) for name in layouts.NAMES},
    "reports/forms/forms.toml": frozenset({"title", "meaning"}),
}
Message = tuple[str, str | None, str | None]
"""A text, its plural and its context."""


@cache
def extracted() -> dict[Message, str]:
    """Every text that is shown → the first file it stands in."""
    found: dict[Message, str] = {}
    # Babel's own extractor sees nothing inside an f-string.
    for folder in ("obhvat", "pages"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for message in _of_module(file):
                found.setdefault(message, file.relative_to(ROOT).as_posix())
    for singular, plural, _gender in NOUNS.values():
        found[singular, plural, None] = "obhvat/texts.py"
        found.pop((singular, None, None), None)
    for path, shown in (SHOWN | SHOWN_IN_PLACE).items():

        def take(text: str, path: str = path) -> str:
            if CYRILLIC.search(text) and not any((text, *rest) in found for rest in (_ONE_FORM, *_forms_of(text))):
                found[text, None, None] = f"obhvat/{path}"
            return text

        mapped(read_toml(path), shown, take)
    return found


def _of_module(file: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name, texts = node.func.id, [str(text.value) for text in node.args if isinstance(text, ast.Constant)]
        if name == "pgettext" and len(texts) == 2:
            yield texts[1], None, texts[0]
        elif name == "ngettext" and len(texts) == 2:
            yield texts[0], texts[1], None
        elif name in ("_", "N_", "was", "was_inside") and texts and CYRILLIC.search(texts[0]):
            yield texts[0], None, None


_ONE_FORM = (None, None)


def _forms_of(singular: str) -> list[tuple[str, None]]:
    return [(plural, None) for one, plural, _gender in NOUNS.values() if one == singular]


def catalogue() -> Catalog:
    """What is translated."""
    with PATH.open("rb") as source:
        return read_po(source, locale=ENGLISH)


def update() -> None:
    """Bring the catalogue to what is extracted."""
    before = catalogue() if PATH.exists() else Catalog(locale=ENGLISH)
    after = Catalog(
        ENGLISH, header_comment="# English texts of обхват.", fuzzy=False, creation_date=before.creation_date
    )
    for (text, plural, context), file in sorted(extracted().items(), key=lambda of: (of[1], str(of[0]))):
        old = before.get(text, context=context)
        ids = (text, plural) if plural else text
        after.add(ids, old.string if old else "", locations=[(file, 0)], context=context)
    with PATH.open("wb") as target:
        write_po(target, after, width=0, include_lineno=False, omit_header=False)


if __name__ == "__main__":
    update()
