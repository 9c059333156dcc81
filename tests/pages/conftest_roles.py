"""The application as who signs in sees it, in one of their roles."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest_pages import SharedDemo, open_page
from store_files import copy_store, written
from streamlit.runtime.context import ContextProxy, StreamlitCookies
from streamlit.testing.v1 import AppTest

from obhvat.people import ROLES, Role, Viewer, register, signed_in
from obhvat.store import Store
from obhvat.ui import room
from obhvat.ui.session import SIGNED_IN, close_store, open_store

OpenAs = Callable[..., AppTest]
BY = Viewer("Администратор", ROLES["administrator"])
_GIVEN = {"oblast": "", "municipality": "Горун", "school": "9004001", "institution": "ДСП"}


def person_of(role: Role) -> Viewer:
    """Who has a role in the register of these tests: „Иван Експерт от РУО“, of Горун, its first school or ДСП."""
    return Viewer(f"Иван {role.name}", role, _GIVEN[role.place])


@pytest.fixture(scope="session")
def demo_of_roles() -> SharedDemo:
    return SharedDemo()


@pytest.fixture(scope="session")
def registered_path(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the invented oblast with a person of each role in its register, closed."""
    path = copy_store(demo_path, tmp_path_factory.mktemp("registered"))
    with Store(path) as store:
        for role in ROLES.values():
            register.give(store, person_of(role), BY)
    return path


@pytest.fixture
def app_as(
    registered_path: Path,
    demo_store: Store,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    demo_of_roles: SharedDemo,
) -> Iterator[OpenAs]:
    """Opens a page of the invented oblast, where people sign in, as one of its roles:
    `app_as("coordinator", "cases", audience=INSIDE)`; or as any viewer, who is given that right first."""
    path = demo_of_roles.path
    if not path:
        # With the log of who looked beside it.
        folder = shutil.copytree(registered_path.parent, tmp_path_factory.mktemp("roles") / "store")
        path = folder / registered_path.name
    monkeypatch.setenv("OBHVAT_STORE", str(path))
    monkeypatch.setenv("OBHVAT_TOGETHER", "1")
    store = open_store()
    if not demo_of_roles.path:
        demo_of_roles.path = path
        demo_of_roles.take(demo_store)
        demo_of_roles.give(store)
    before = written(path)

    def opened(who: str | Viewer, page: str = "overview", *, by_hand: bool = True, **address: str) -> AppTest:
        right = person_of(ROLES[who]) if isinstance(who, str) else who
        if right not in register.rights_on(store, store.now().date()):
            right = register.give(store, right, BY)
        token = signed_in.let_in(store, right.person)
        signed_in.act_in(store, token, right)
        # AppTest has no browser that would send it.
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: StreamlitCookies({SIGNED_IN: token})))
        return open_page(page, by_hand=by_hand, **address)

    yield opened
    # Who opened the room is in it on every page, in the next test, too.
    room._in_room.clear()
    demo_of_roles.take(store)
    if written(path) != before:
        close_store()
        shutil.rmtree(path.parent)
        demo_of_roles.path = None
