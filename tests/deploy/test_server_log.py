"""The log of a server: a line of JSON an event, and nothing in it of people, files or what was typed."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from places import ROOT
from program import environment

from obhvat import door
from obhvat.errors import ObhvatError

PERSON, PUPIL, CASE = "Ксенофонтина Хераклитова", "Пантелей Кантарджиев", "КГ-ТАЕН-77"
EGN, PASSWORD, OWN, HOST, SCHOOL = "1299000017", "сини", "осем зелени коня", "okc.localhost", "9000101"
ABSENCES = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"
FILES = {
    "институции.csv": f"""Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38
{SCHOOL};СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище""",
    f"отсъствия {PUPIL} {EGN}.csv": f"""{ABSENCES}
{SCHOOL};2023/2024;10;{EGN};5;{PUPIL};0;5
{SCHOOL};2023/2024;10;дете-2;5;5а;0;лошо""",
    f"случаи {PUPIL}.csv": f"""№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус;Уточнение
{CASE};05.02.2024;отпаднал;Каменград;12.10.2023;в работа;живее с майка си {PUPIL}""",
}
PLANTED = (
    *PERSON.split(),
    *PUPIL.split(),
    CASE,
    EGN,
    PASSWORD,
    *OWN.split(),
    HOST,
    "lang=",
    "отсъств",
    "случаи",
    ".csv",
    SCHOOL,
)


@dataclass(frozen=True)
class Served:
    """A server of many that is running, and the folder that is its whole world."""

    folder: Path
    port: int

    def wish(self, **wish: Any) -> dict[str, Any]:
        answer = door.ask(self.folder / "s" / "a.duckdb", wish)
        assert answer is not None
        return answer

    def asks(self, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        """Status and text, as the proxy's browser is answered."""
        body = urllib.parse.urlencode(form).encode() if form else None
        own = {"Host": HOST, "Origin": f"https://{HOST}", "Accept": "text/html"} | headers
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, own)
        try:
            answer: HTTPResponse = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        with answer:
            return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str]:
    """What a server wrote while everything was done that it is for, and some of it in vain; and what it answered where
    there is a mistake of ours."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "obhvat", "serve", "--together", "--no-browser", "--port", str(port)]
    command += ["--name", HOST, "--log", "json", "--copies", f"{folder}/копия", "--store", f"{folder}/s/a.duckdb"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment(PYTHONPATH=str(ROOT)), stdout=log, stderr=log)
    served = Served(folder, port)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                if served.asks("/health", Host="127.0.0.1") == (200, "ok"):
                    break
            assert process.poll() is None, (folder / "log").read_text("utf-8")
            time.sleep(0.1)
        answer = _work(served)
    finally:
        process.terminate()
        process.wait(30)
    return (folder / "log").read_text("utf-8").splitlines(), answer


@pytest.fixture(scope="module")
def told(work: tuple[list[str], str]) -> list[str]:
    return work[0]


def _work(served: Served) -> str:
    """Returns what who met a mistake of ours was answered."""
    folder = served.folder
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    reading = {"files": [str(folder / name) for name in FILES], "told": {}, "words": {}, "oblast": None}
    served.wish(do="check", as_json=True, **reading)
    done = served.wish(do="import", confirm=True, rejected="", **reading)
    assert done["recorded"]["files"] == 3, done
    served.wish(do="undo", batches=[2])
    served.wish(do="redo", batches=[2])
    copy = served.wish(do="backup", path=str(folder / f"{PUPIL}.duckdb"))["path"]
    served.wish(do="restore", path=copy)
    served.wish(do="people", act="add", name=PERSON, role="expert", given="")
    password = served.wish(do="people", act="password", name=PERSON)["password"]
    served.wish(do="audit", case=CASE)
    for name, tried in ((PERSON, PASSWORD), (f"{PUPIL} {EGN}", password)):
        assert served.asks(f"/sign-in?then=/cases?lang=en%26q={EGN}", {"name": name, "password": tried})[0] == 403
    served.asks("/password?lang=en", {"name": PERSON, "old": password, "new": OWN, "again": OWN})
    assert served.asks(f"/cases?school={SCHOOL}&q={urllib.parse.quote(PUPIL)}")[0] == 200
    assert served.asks("/health")[0] == 403
    # A mistake of ours whose words quote what was given.
    with pytest.raises(ObhvatError) as broken:
        served.wish(do="figure", metric=PUPIL, period=None, day=[EGN])
    (folder / "s" / "a.duckdb").rename(folder / "s" / "отнесена.duckdb")
    assert served.asks("/health", Host="127.0.0.1") == (503, "no")
    (folder / "s" / "отнесена.duckdb").rename(folder / "s" / "a.duckdb")
    return str(broken.value)


def test_every_line_is_an_event(told: list[str]) -> None:
    events = [json.loads(line) for line in told]
    assert [event["event"] for event in (events[0], events[1], events[-1])] == ["migrated", "started", "stopped"]
    counts = {event["event"]: event for event in events}
    assert [counts["recorded"][what] for what in ("files", "rows", "rejected")] == [3, 3, 1]
    assert (counts["read"]["files"], counts["read"]["rows"]) == (3, 4)
    assert [event["n"] for event in events if event["event"] in ("undo", "redo")] == [1, 1]
    assert sum(event["event"] == "refused" for event in events) == 2
    assert counts["unhealthy"]["of"] == "StoreUnusable"
    assert counts["copied"]["bytes"] > 4096
    assert {*counts} >= {"upload", "right", "copy", "restore", "undo", "redo", "sign_in"}


def test_a_mistake_of_ours_is_named_by_what_who_asked_was_told(work: tuple[list[str], str]) -> None:
    told, answer = work
    [broken] = [json.loads(line) for line in told if '"broken"' in line]
    assert f"съобщете: {broken['trace']}." in answer
    assert broken["error"] == "TypeError"
    assert re.fullmatch(r"obhvat/door/wishes\.py:\d+ in _figure", broken["where"][-1])


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_of_people_and_files_is_in_it(told: list[str], planted: str) -> None:
    assert [line for line in told if planted.casefold() in line.casefold()] == []


# Libraries that log, warn and fail, with words that may quote anything.
OTHERS = """
import logging, threading, warnings
from obhvat.ui import logs
logs.write_lines()
import streamlit.logger
from uvicorn import Config
Config("nothing:app", access_log=False, use_colors=False)
for name in ("streamlit.anything", "authlib", "obhvat.ui.signing.openid"):
    logging.getLogger(name).warning("%s", "1299000017")
streamlit.logger.get_logger("streamlit.later").error("1299000017")
logging.getLogger("uvicorn.error").error("1299000017")
logging.getLogger("uvicorn.access").info("GET /?1299000017")
warnings.warn("1299000017")
threading.Thread(target=lambda: int("дете 1299000017")).start()
raise KeyError("1299000017")
"""


def test_no_words_of_others_are_in_it(tmp_path: Path) -> None:
    (tmp_path / "others.py").write_text(OTHERS, "utf-8")
    done = subprocess.run(
        [sys.executable, "others.py"], cwd=tmp_path, env=environment(PYTHONPATH=str(ROOT)), capture_output=True
    )
    lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
    assert done.stdout == b""
    assert b"1299000017" not in done.stderr
    named = [line.get("of") or line["error"] for line in lines]
    assert sorted(named) == sorted(
        [
            *("streamlit.anything", "authlib", "obhvat.ui.signing.openid", "streamlit.later", "uvicorn.error"),
            *("py.warnings", "ValueError", "KeyError"),
        ]
    )
