"""The page of cases as tests open it and read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pandas as pd
from conftest_pages import Open, words, written_html
from streamlit.testing.v1 import AppTest
from viewers import expert

from obhvat.ingest import Source, commit, read_files
from obhvat.periods import Period
from obhvat.store import Store

INSIDE, MEMBERS, PRESS = "Вътрешен", "За членовете", "За пресата"
FIRST, LADDER, DONE = "Разпределение", "Етапи и срокове", "Свършена работа"
STAYED, SIGNALS = "Върнати и останали", "Записи за проверка"
LIST, PROPOSALS, CONFLICTS = "Списък и случай", "Предложени случаи", "Разминавания"
FOR_ALL, ONLY_INSIDE = (FIRST, LADDER, DONE, STAYED, SIGNALS), (LIST, PROPOSALS, CONFLICTS)
TERM = Period(2023, "term", 1)
DAY = date(2024, 1, 31)
CASE = re.compile(r"\b(?:КГ|ВД|ЯВ|ГР|СТ|СМ|ОКЦ)-[\d-]*\d{3}\b")


def page(open_page: Open, audience: str = INSIDE, part: str = FIRST, **address: str) -> AppTest:
    return open_page("cases", audience=audience, part=part, **address)


def said(app: AppTest) -> str:
    return " ".join(words(app).split())


def first_line(app: AppTest) -> str:
    found = re.search(r'<h1 class="lead">(.*?)</h1>', written_html(app))
    assert found
    return re.sub("<[^>]+>", "", found[1])


def tiles(app: AppTest) -> dict[str, str]:
    """The tiles' titles and figures."""
    return {
        title: re.sub("<[^>]+>", "", shown)
        for title, shown in re.findall(r'<h2>([^<]*)</h2><div class="figure[^>]*>(.*?)</div>', written_html(app))
    }


def tables(app: AppTest) -> Iterator[pd.DataFrame]:
    """Everything on the page that has rows: Streamlit's tables and our own."""
    for frame in app.dataframe:
        yield frame.value
    for written in re.findall(r"<table.*?</table>", written_html(app)):
        rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", written)]
        cells = [[re.sub("<[^>]+>", "", cell) for cell in row] for row in rows]
        yield pd.DataFrame(cells[1:], columns=cells[0])


def table(app: AppTest, *captions: str) -> pd.DataFrame:
    """The first table with these captions."""
    return next(one for one in tables(app) if set(captions) <= set(one.columns))


def everything(app: AppTest) -> str:
    """All that was sent to the browser."""
    parts = [str(e.proto) for e in app.main]
    parts += [frame.value.reset_index().to_csv() for frame in app.dataframe]
    return " ".join(parts)


def put(store: Store, source: Source) -> None:
    """Commit a file as it is."""
    with closing(read_files([source], store)) as upload:
        commit(upload, store, expert())
