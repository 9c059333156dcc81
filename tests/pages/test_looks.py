"""Every page in the internal view: what it shows of cases and children has its line in the log before it is there."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from cases_page import CASE, FOR_ALL, INSIDE, MEMBERS, ONLY_INSIDE, PRESS, everything, tables
from conftest_pages import Open, words
from streamlit.testing.v1 import AppTest

from obhvat.people import log
from obhvat.store.files import looks_of
from obhvat.ui.session import open_store, store_path
from obhvat.ui.shell import PAGES

ADDRESSES = [
    *((path, {}) for path, *_rest in PAGES if path not in ("cases", "room", "help")),
    *(("cases", {"part": part}) for part in (*FOR_ALL, *ONLY_INSIDE)),
    ("cases", {"part": "Разпределение", "municipality": "Студеница"}),
    ("risk", {"municipality": "Студеница"}),
]


def lines(since: int = 0) -> list[dict]:
    """What the log says, read without the program."""
    path = looks_of(store_path())
    written = path.read_bytes()[since:].splitlines() if path.exists() else []
    return [json.loads(line[65:]) | {"mac": line[:16].decode()} for line in written]


def size() -> int:
    path: Path = looks_of(store_path())
    return path.stat().st_size if path.exists() else 0


def opened(open_page: Open, page: str, audience: str, **address: str) -> tuple[AppTest, list[dict]]:
    """A page, and the lines that it wrote as if it were the first that is looked at."""
    log._logs.clear()
    before = size()
    app = open_page(page, audience=audience, **address)
    assert not app.exception
    return app, lines(before)


def named(of: str, value: object) -> str:
    key = open_store().key.encode()
    return hmac.digest(key, f"looked at {of} {value}".encode(), hashlib.sha256).hex()[:16]


def test_no_page_shows_a_case_without_a_line(demo_app: Open) -> None:
    seen: dict[str, int] = {}
    for page, address in ADDRESSES:
        app, written = opened(demo_app, page, INSIDE, **address)
        shown = set(CASE.findall(everything(app)))
        about = {name for line in written for name in line.get("of", ())}
        assert {number for number in shown if named("case", number) not in about} == set(), (page, address)
        seen[" ".join([page, *address.values()])] = len(shown)
    # The pages that name cases do so on the demonstration: what is compared is not nothing.
    assert sum(n > 0 for n in seen.values()) >= 6, seen


def test_a_list_of_children_and_a_proposal_have_a_line_with_as_many(demo_app: Open) -> None:
    app, written = opened(demo_app, "risk", INSIDE)
    [children] = [line for line in written if line["what"] == "children"]
    listed = next(rows for rows in tables(app) if "Ред във файла" in rows)
    assert (children["n"], children["where"]) == (len(listed), "областта")
    app, written = opened(demo_app, "cases", INSIDE, part="Предложени случаи")
    [proposed] = [line for line in written if line["what"] == "proposals"]
    assert proposed["n"] >= len(next(rows for rows in tables(app) if "Ред във файла" in rows))


@pytest.mark.parametrize("audience", [MEMBERS, PRESS])
def test_pages_without_children_write_nothing(demo_app: Open, audience: str) -> None:
    for page in ("overview", "risk", "cases", "data_status"):
        assert opened(demo_app, page, audience)[1] == []


def test_who_looked_at_a_case_is_told_beside_it(demo_app: Open) -> None:
    app = demo_app("cases", audience=INSIDE, part="Списък и случай")
    app.session_state["who-case"] = True
    app.run()
    assert "отваря случай" in words(app)


def test_the_page_of_data_tells_who_looked_at_what(demo_app: Open) -> None:
    opened(demo_app, "cases", INSIDE, part="Списък и случай")
    app = demo_app("data_status", audience=INSIDE)
    app.session_state["looks"] = True
    app.run()
    assert {"вижда списък със случаи", "отваря случай"} <= set(
        next(frame.value for frame in app.dataframe if "В каква роля" in frame.value)["Какво"]
    )
    app.button(key="looks-verify").click().run()
    assert "Записът е цял" in words(app)
