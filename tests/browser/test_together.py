"""People who sign in, as on a server: a real provider of accounts, a real proxy with TLS, real browsers."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from conftest_browser import Served, keep_scripts, look, settled, start, stop
from places import ROOT
from playwright.sync_api import Browser, BrowserContext, Page, expect
from store_files import copy_store

from obhvat.people import ROLES, Viewer, register
from obhvat.people.signing_in import one_time_password, set_address
from obhvat.store import Store
from obhvat.ui.session import SIGNED_IN

CADDY = shutil.which("caddy")
pytestmark = pytest.mark.skipif(CADDY is None, reason="няма Caddy")

NAME, ADDRESS, OWN_PASSWORD = "okc.localhost", "ana@ruo.example", "три сини коня"
ANA, OF_PEOPLE = Viewer("Ана Петрова", ROLES["expert"]), Viewer("Ана Петрова", ROLES["administrator"])
MAYOR, GUEST = Viewer("Кмет на Горун", ROLES["coordinator"], "Горун"), Viewer("Вестник", ROLES["press"])
BY = Viewer("Администратор", ROLES["administrator"])


@dataclass(frozen=True)
class Together:
    """A server for many: its address outside, the application behind, and what the mayor was dictated."""

    address: str
    served: Served
    dictated: dict[str, str]


def _free_ports(n: int) -> list[int]:
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="module")
def together(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Together]:
    folder = tmp_path_factory.mktemp("together")
    path = copy_store(demo_path, folder)
    with Store(path) as store:
        for right in (ANA, OF_PEOPLE, MAYOR, GUEST):
            register.give(store, right, BY)
        set_address(store, ANA.person, ADDRESS, BY)
        dictated = {who.person: one_time_password(store, who.person, BY) for who in (MAYOR, GUEST)}
    at, http, https = _free_ports(3)
    users = [json.dumps({"sub": sub, "email": sub, "email_verified": True}) for sub in (ADDRESS, "other@ruo.example")]
    provider = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(at), *(f"--user-claims={user}" for user in users)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    declared = folder / "provider.toml"
    declared.write_text(
        f'name = "Проба"\nmetadata = "http://127.0.0.1:{at}/.well-known/openid-configuration"\n'
        'client_id = "obhvat"\nclient_secret = "secret"\n',
        "utf-8",
    )
    process, served = start(folder, path, "--together", "--name", NAME, "--provider", str(declared))
    proxy = subprocess.Popen(
        [str(CADDY), "run", "--config", ROOT / "obhvat" / "deploy" / "Caddyfile", "--adapter", "caddyfile"],
        env={
            **os.environ,
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "caddy"),
            "XDG_CONFIG_HOME": str(folder / "caddy"),
            "OBHVAT_NAME": NAME,
            "OBHVAT_TLS": "tls internal",
            "OBHVAT_HTTP_PORT": str(http),
            "OBHVAT_HTTPS_PORT": str(https),
            "OBHVAT_PORT": served.address.rpartition(":")[2],
        },
        stderr=subprocess.DEVNULL,
    )
    _await(at)
    _await(https)
    yield Together(f"https://{NAME}:{https}", served, dictated)
    for one in (proxy, process, provider):
        stop(one)


def _await(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


@pytest.fixture(scope="module")
def kept_browsers(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Two browsers that have Streamlit's scripts after the first test."""
    contexts = [
        browser.new_context(
            viewport={"width": 1920, "height": 1080}, locale="bg-BG", ignore_https_errors=True, reduced_motion="reduce"
        )
        for _ in range(2)
    ]
    for context in contexts:
        keep_scripts(context, f"https://{NAME}")
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture
def browsers(kept_browsers: list[BrowserContext]) -> Iterator[list[BrowserContext]]:
    """Two browsers of two people, with nothing kept from the test before but scripts."""
    before = [{*context.pages} for context in kept_browsers]
    yield kept_browsers
    for context, stay in zip(kept_browsers, before, strict=True):
        for page in {*context.pages} - stay:
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
            page.close()
        context.clear_cookies()


def by_account(context: BrowserContext, together: Together, role: str, path: str = "/help") -> Page:
    """Sign Ана in by her account."""
    page = context.new_page()
    page.goto(f"{together.address}{path}")
    page.get_by_role("link", name="Влез с Проба").click()
    page.get_by_role("button", name=re.compile(ADDRESS)).click()
    page.get_by_role("button", name=role).click()
    return settled(page)


def by_one_time_password(context: BrowserContext, together: Together, person: str) -> Page:
    """Sign somebody in who was dictated a password, with one of their own, or again with that one."""
    page = context.new_page()
    page.goto(f"{together.address}/help")
    dictated = together.dictated.pop(person, None)
    page.get_by_label("Име").fill(person)
    page.get_by_label("Парола").fill(dictated or OWN_PASSWORD)
    page.get_by_role("button", name="Влез").click()
    if dictated:
        expect(page.get_by_text("Тази парола е еднократна.")).to_be_visible()
        page.get_by_label("Досегашната").fill(dictated)
        page.get_by_label("Новата парола").fill(OWN_PASSWORD)
        page.get_by_label("Новата още веднъж").fill(OWN_PASSWORD)
        page.get_by_role("button", name="Смени и влез").click()
    return settled(page)


def menu(page: Page) -> list[str]:
    return page.get_by_test_id("stTopNavLink").all_inner_texts()


def test_three_people_each_see_their_own(together: Together, browsers: list[BrowserContext]) -> None:
    expert = by_account(browsers[0], together, "Експерт от РУО", "/help?lang=bg")
    assert expert.url == f"{together.address}/help?lang=bg"
    # An administrator gave an address to her.
    expect(expert.locator(".who summary")).to_have_text(f"!{ANA.person}")
    mayor = by_one_time_password(browsers[1], together, MAYOR.person)
    of_mayor = menu(mayor)
    assert "Настройки" in menu(expert)
    assert "Настройки" not in of_mayor
    mayor.locator(".who summary").click()
    expect(mayor.locator(".who")).to_contain_text("Горун")
    expect(mayor.get_by_role("link", name="Смени ролята")).to_have_count(0)
    for context in browsers:
        are_of_a_session(context)
    # As somebody who opens a browser of their own.
    browsers[1].clear_cookies()
    guest = by_one_time_password(browsers[1], together, GUEST.person)
    assert len(menu(guest)) < len(of_mayor) < len(menu(expert))
    are_of_a_session(browsers[1])
    look(guest, "settings")
    expect(guest.get_by_text("Ролята „Гост от пресата“ няма тази страница.")).to_be_visible()
    covers_no_page_of_the_menu(expert)
    passwords = (OWN_PASSWORD, *together.dictated.values())
    written = together.served.log.read_text() + log_of_lines(together)
    assert not [password for password in passwords if password in written]


def are_of_a_session(context: BrowserContext) -> None:
    """What the cookie is like of who is signed in."""
    [session] = [cookie for cookie in context.cookies() if cookie.get("name") == SIGNED_IN]
    assert (session.get("secure"), session.get("httpOnly"), session.get("sameSite")) == (True, True, "Lax")


def covers_no_page_of_the_menu(page: Page) -> None:
    """Who is signed in is told in a corner beside the menu."""
    for width in (1366, 1441, 1561, 1920):
        page.set_viewport_size({"width": width, "height": 768})
        page.wait_for_function(
            """width => {
                const last = [...document.querySelectorAll('[data-testid=stTopNavLink]')].at(-1);
                const corner = document.querySelector('.where').getBoundingClientRect();
                return innerWidth === width && last.textContent.includes('Помощ')
                    && last.getBoundingClientRect().right <= corner.left && corner.right <= width;
            }""",
            arg=width,
        )


def log_of_lines(together: Together) -> str:
    return together.served.store.with_suffix(".looks").read_text("utf-8")


def test_another_role_and_a_way_out_are_of_every_tab_and_of_the_old_cookie(
    together: Together, browsers: list[BrowserContext]
) -> None:
    page = by_account(browsers[0], together, "Експерт от РУО")
    mayor = by_one_time_password(browsers[1], together, MAYOR.person)
    other = browsers[0].new_page()
    other.goto(f"{together.address}/help")
    settled(other)
    page.locator(".who summary").click()
    page.get_by_role("link", name="Смени ролята").click()
    page.get_by_role("button", name="Администратор на хората").click()
    settled(page).locator(".who summary").click()
    expect(page.locator(".who")).to_contain_text("Администратор на хората")
    other.wait_for_url(f"{together.address}/")
    assert "Случаи" not in menu(settled(other))
    [cookie] = [f"{SIGNED_IN}={c.get('value')}" for c in browsers[0].cookies() if c.get("name") == SIGNED_IN]
    page.get_by_role("button", name="Изход").click()
    expect(page.get_by_role("link", name="Излез и от Проба")).to_be_visible()
    other.wait_for_url("**/sign-in")
    for path in ("/cases", "/_stcore/upload_file/a/b", "/media/a.csv"):
        assert httpx.get(f"{together.served.address}{path}", headers={"cookie": cookie}).status_code == 401
    mayor.get_by_test_id("stTopNavLink").filter(has_text="Случаи").click()
    settled(mayor)
    expect(mayor.locator(".who")).to_be_visible()


def test_who_is_not_in_the_register_is_told_so(together: Together, browsers: list[BrowserContext]) -> None:
    page = browsers[0].new_page()
    page.goto(together.address)
    page.get_by_role("link", name="Влез с Проба").click()
    page.get_by_role("button", name=re.compile("other@")).click()
    expect(page.get_by_text("„other@ruo.example“ не е в регистъра на хората.")).to_be_visible()
    assert '"what":"refused","where":"Проба"' in log_of_lines(together)


def test_the_room_is_the_persons_in_another_browser_too(together: Together, browsers: list[BrowserContext]) -> None:
    page = by_account(browsers[0], together, "Експерт от РУО", "/help")
    other = by_account(browsers[1], together, "Експерт от РУО", "/help")
    page.goto(f"{together.address}/room")
    other.wait_for_url("**/room*")
    page.wait_for_selector(".st-key-room-leave button", state="attached")
    page.keyboard.press("Escape")
    page.wait_for_url("**/meeting*")
    other.wait_for_url("**/meeting*")
    other.goto(f"{together.address}/help")
    settled(other)
    expect(other.locator(".who")).to_be_visible()
