"""What a page wrote of who looked, beside what it shows: read and hashed without the program."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

from cases_page import everything
from conftest_pages import Open
from streamlit.testing.v1 import AppTest

from obhvat.people import log
from obhvat.store.files import looks_of
from obhvat.ui.session import open_store, store_path


def looked(open_page: Open, page: str, **address: str) -> tuple[AppTest, list[dict[str, Any]]]:
    """A page, and the lines that it wrote as if it were the first that is looked at."""
    log._logs.clear()
    path = looks_of(store_path())
    before = path.stat().st_size if path.exists() else 0
    app = open_page(page, **address)
    written = path.read_bytes()[before:].splitlines() if path.exists() else []
    return app, [json.loads(line[65:]) for line in written]


def cases_shown(app: AppTest) -> set[str]:
    """The numbers of cases that were sent to the browser, of all that the store has."""
    every = [str(number) for (number,) in open_store().rows("select distinct number from cases")]
    return set(re.findall(rf"\b(?:{'|'.join(map(re.escape, every))})\b", everything(app))) if every else set()


def without_a_line(app: AppTest, lines: list[dict[str, Any]]) -> set[str]:
    """The cases that a page shows and no line of it is about."""
    about = {name for line in lines for name in line.get("of", ())}
    key = open_store().key.encode()
    return {
        number
        for number in cases_shown(app)
        if hmac.digest(key, f"looked at case {number}".encode(), hashlib.sha256).hex()[:16] not in about
    }
