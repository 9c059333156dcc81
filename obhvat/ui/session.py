"""What every session shares: the one store of the process, and the making of the demonstration in it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool

from obhvat.errors import NotAllowed, ObhvatError
from obhvat.events import happened
from obhvat.folders import store_folder
from obhvat.language import _
from obhvat.people import ALONE, Role, Viewer, signed_in
from obhvat.people.account import account
from obhvat.people.log import anchor
from obhvat.privacy import refuse_numbers
from obhvat.store import Store, copies
from obhvat.texts import printable

# Seconds between two looks whether a copy is due.
_LOOK_AFTER = 300
SIGNED_IN = "obhvat-session"
"""The cookie of who is signed in."""
_PERSON, _LONGEST_NAME = "person", 80
_lock = threading.Lock()
_opened: dict[Path, Store] = {}


def store_path() -> Path:
    """Where the store is: OBHVAT_STORE, else the usual one."""
    named = os.environ.get("OBHVAT_STORE")
    return Path(named).resolve() if named else store_folder() / "obhvat.duckdb"


def open_store(*, create: bool = True) -> Store:
    """The process's only store, opened on first use and, unless `create` is false, made. Raises StoreBusy,
    StoreUnusable."""
    path = store_path()
    with _lock:
        if path not in _opened:
            _opened[path] = Store(path, create=create)
        return _opened[path]


def is_together() -> bool:
    """Whether people sign in, each with their own rights; else one works alone on this machine."""
    return os.environ.get("OBHVAT_TOGETHER") == "1"


def token() -> str | None:
    """What who is signed in is known by; None alone."""
    return st.context.cookies.get(SIGNED_IN) if is_together() else None


def role() -> Role:
    """The role this session acts in. Who works alone has it before there is a store."""
    return viewer().role if is_together() else ALONE.role


def viewer() -> Viewer:
    """Who is looking in this session: alone on this machine, an expert, by the name that entries carry; together, who
    is signed in, in the role they act in. Raises NotAllowed for who is not, or not any more."""
    if is_together():
        return _signed_in(token())
    if _PERSON not in st.session_state:
        st.session_state[_PERSON] = open_store().remembered(_PERSON) or account()
    return replace(ALONE, person=st.session_state[_PERSON])


def asked_later() -> Callable[[], Viewer]:
    """The same where no session can be asked: a file is made after its page was drawn, when somebody clicks."""
    if is_together():
        return partial(_signed_in, token())
    alone_here = viewer()
    return lambda: alone_here


def _signed_in(given: str | None) -> Viewer:
    if signed := signed_in.viewer(open_store(), given):
        return signed
    raise NotAllowed(_("Не сте влезли или правото ви е прекратено. Презаредете страницата."))


def call_oneself(name: str) -> None:
    """Say the name that one's entries carry from now on, where nobody signs in. It is remembered in the store. Raises
    ObhvatError."""
    if is_together():
        raise NotAllowed(_("Записите носят името, с което сте влезли."))
    plain = " ".join(printable(name).split())[:_LONGEST_NAME]
    refuse_numbers(plain, _("Вашето име"))
    st.session_state[_PERSON] = plain or account()
    open_store().remember(_PERSON, plain)


class DailyCopies:
    """The copies that are made by themselves, while the application runs; and how far the log of looks has come."""

    failed: str = ""
    """Why the last one could not be made."""

    async def keep(self) -> None:
        """Make one when it is due, until this is cancelled; what has begun is then awaited."""
        while True:
            await asyncio.sleep(_LOOK_AFTER)
            await run_in_threadpool(self.make_if_due)

    def make_if_due(self) -> None:
        with _lock:
            store = _opened.get(store_path())
        # Nothing was recorded in a store that nobody opened.
        if store is None or demo_work.running:
            return
        try:
            anchor(store)
            copies.make_if_due(store, datetime.now())
            self.failed = ""
        except ObhvatError as error:
            self.failed = str(error)
            happened("not copied", type(error).__name__)


daily_copies = DailyCopies()


def close_store() -> None:
    """Close the store, if this process opened one. The next use opens it again."""
    with _lock:
        store = _opened.pop(store_path(), None)
    if store:
        # What cannot be written now is said at the next look.
        with contextlib.suppress(ObhvatError):
            anchor(store)
        store.close()


@dataclass
class DemoWork:
    """How far the demonstration is: files read, of how many; `error` when it could not be made."""

    done: int = 0
    of: int = 0
    error: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.ended.set()

    @property
    def running(self) -> bool:
        return not self.ended.is_set()


demo_work = DemoWork()


def start_demo(who: Viewer) -> None:
    """Make the demonstration in an empty store, beside whatever else happens; the pages say when there is no store.
    One that the program carries is there when this ends. Raises NotAllowed for who may not clear it again."""
    who.must("undo")
    if demo_work.running:
        return
    # What makes it also reads files: a server without it has no use for that until somebody uploads one.
    from obhvat.demo import load_demo
    from obhvat.demo.packed import is_packed

    demo_work.error = ""
    demo_work.ended.clear()

    def tell(done: int, of: int) -> None:
        demo_work.done, demo_work.of = done, of

    def make() -> None:
        try:
            store = open_store()
            if store.rows("select count(*) from batches") == [(0,)]:
                load_demo(store, tell)
        except ObhvatError as error:
            demo_work.error = str(error)
        except Exception as error:
            demo_work.error = str(error)
            raise
        finally:
            demo_work.ended.set()

    if is_packed():
        # A second, and less when nothing else is done beside it.
        make()
    else:
        threading.Thread(target=make, name="demo", daemon=True).start()


def await_demo(builder: subprocess.Popen[str]) -> None:
    """Follow another process that makes the demonstration in the store this one will open.

    What it prints is in `obhvat/demo/__main__.py`. Two processes are ready sooner than one: the pages start while files
    are read.
    """
    from obhvat.demo import LET_GO

    demo_work.ended.clear()

    def follow() -> None:
        assert builder.stdout is not None
        for line in builder.stdout:
            if line.strip() == LET_GO:
                break
            demo_work.done, demo_work.of = map(int, line.split())
        else:
            demo_work.error = _("процесът, който я създава, спря")
        demo_work.ended.set()
        builder.wait()

    threading.Thread(target=follow, name="demo", daemon=True).start()
