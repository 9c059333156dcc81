"""A guest who reads English meets Bulgarian only where it is data: names, words of files, what people wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conftest_browser import Served, look, settled
from playwright.sync_api import Page, expect
from test_words import VISIBLE

from obhvat.cases.published import published
from obhvat.cases.reasons import reason_mapping
from obhvat.datasets import all_datasets
from obhvat.glossary import terms
from obhvat.reports.forms import all_forms
from obhvat.reports.forms.declared import Field
from obhvat.store import Store
from obhvat.ui.widgets.own_sums import UNDERSTOOD

PAGES = (
    "overview",
    "risk",
    "cases",
    "inspections",
    "meeting",
    "school",
    "upload",
    "data_status",
    "backtest",
    "settings",
    "people",
)
HELP = (
    *("How to work", "For your role", "Metrics", "Glossary", "Check a sum"),
    *("Samples", "Why a row is returned", "Personal data"),
)
"""Parts of the help; what is new is written in Bulgarian, as they say."""
CYRILLIC = re.compile("[А-Яа-я]")
# A table of Streamlit is drawn; what is drawn stands inside it for readers of screens.
DRAWN = (
    "() => [...document.querySelectorAll('canvas [role=gridcell], canvas [role=columnheader]')].map(e => e.textContent)"
)


def data_of(store: Store) -> Iterator[str]:
    """Every text that the store holds, but the captions of files."""
    for table, column, kind in store.rows(
        """
        select table_name, column_name, data_type
        from duckdb_columns()
        where
            data_type in ('VARCHAR', 'VARCHAR[]')
            and schema_name = 'main'
            and not internal
            and column_name <> 'columns'
        """
    ):
        text = f'"{column}"' if kind == "VARCHAR" else f'unnest("{column}")'
        yield from (value for (value,) in store.rows(f'select distinct {text} from "{table}"') if value)


def lines_of_names(store: Store) -> Iterator[str]:
    """Parts of schools' names: a picture breaks a long one into lines."""
    for (name,) in store.rows("select distinct name from schools"):
        words = name.split()
        yield from (" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1))


def words_of_files() -> Iterator[str]:
    for dataset in all_datasets():
        for field in dataset.fields:
            yield from (field.caption, *field.synonyms, *field.examples)
            yield from (word for value in field.values for word in (value.caption, *value.synonyms))


def words_of_forms() -> Iterator[str]:
    """What is typed in forms of Word."""
    yield from ("начало", "край", "няма")
    for form in all_forms().values():
        yield from _of_fields(form.fields)


def _of_fields(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        yield from (field.name, field.example, *_of_fields(field.fields))


def words_of_others() -> Iterator[str]:
    """What others published, and how they call reasons."""
    for told in published():
        yield from (told.name, told.source)
    yield from reason_mapping()["said"]


def left_in_bulgarian(page: Page, data: Iterable[str]) -> list[str]:
    """Visible texts of a page that are Bulgarian beside the data in them; the letters to be copied are documents."""
    of_data = sorted({text.strip() for text in data if CYRILLIC.search(text)}, key=len, reverse=True)
    known = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, of_data)) + r")(?!\w)", re.IGNORECASE)
    texts = [*page.evaluate(VISIBLE), *page.evaluate(DRAWN)]
    # They are drawn last.
    letters = "".join(page.locator("pre").all_text_contents())
    found = [text for text in texts if CYRILLIC.search(known.sub(" ", text))]
    return [text for text in found if text not in letters]


def beside(store: Store) -> dict[str, list[str]]:
    """Page or part of the help → what may be Bulgarian there beside what the store holds."""
    return {
        "risk": [*lines_of_names(store)],
        "cases": [*words_of_others()],
        "settings": [*words_of_forms()],
        "upload": ["[име]"],
        "Glossary": [term.word for term in terms()],
        # Sentences to be checked are Bulgarian.
        "Check a sum": ["„Общо“", *(example for _what, example in UNDERSTOOD[:-1])],
        "Samples": [*words_of_files()],
        "Why a row is returned": ["да/не"],
        "Personal data": ["[име]", "ЕГН", "ЛНЧ", "ЛОН"],
    }


def test_no_page_has_bulgarian_but_data(page: Page, served_demo: Served, demo_store: Store):
    data, more = [*data_of(demo_store)], beside(demo_store)
    found: dict[str, list[str]] = {}
    # Streamlit's own texts are in the language of the address that was loaded.
    page.goto(f"{served_demo.address}/school?lang=en")
    settled(page).get_by_role("radio", name="Internal").click()
    settled(page).get_by_role("dialog").get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    for path in PAGES:
        found[path] = left_in_bulgarian(look(page, f"{path}?lang=en"), [*data, *more.get(path, ())])
    for path in PAGES:
        if path not in ("upload", "settings", "people"):
            look(page, f"{path}?lang=en&audience=Internal")
            expect(page.get_by_role("radio", name="Internal")).to_be_checked()
            found[f"{path}, internal"] = left_in_bulgarian(page, [*data, *more.get(path, ())])
    look(page, "help?lang=en")
    for tab in HELP:
        page.get_by_role("tab", name=tab).click()
        found[tab] = left_in_bulgarian(settled(page), [*data, *more.get(tab, ())])
    assert {where: texts for where, texts in found.items() if texts} == {}
