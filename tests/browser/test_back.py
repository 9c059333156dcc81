"""The browser's buttons: Back undoes a choice and goes to the page before as it was, Forward does it again."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote_plus

from conftest_browser import Looking, Served, inside, settled
from playwright.sync_api import Page, expect
from test_risk import choose_row


def pick(page: Page, filter_name: str, value: str) -> None:
    page.get_by_label(filter_name, exact=True).first.click()
    page.get_by_role("option", name=value, exact=True).click()
    settled(page)


def go_to(page: Page, title: str) -> None:
    page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
    expect(page).to_have_title(f"{title} · обхват")
    settled(page)


def stands(page: Page, served: Served, address: str, *said: str) -> None:
    """That the page has an address, and its first line says it."""
    page.wait_for_url(lambda url: unquote_plus(url) == f"{served.address}/{address}", wait_until="commit")
    for words in said:
        expect(page.locator("h1.lead")).to_contain_text(words)
    settled(page)


def walked(page: Page, served: Served, steps: Sequence[tuple[str, str]]) -> None:
    """That Back goes through the steps from the last but one to the first, and Forward to the last again."""
    for address, said in reversed(steps[:-1]):
        page.go_back()
        stands(page, served, address, said)
    for address, said in steps[1:]:
        page.go_forward()
        stands(page, served, address, said)


def test_back_undoes_a_filter_and_then_goes_to_the_page_before(looking: Looking, served_demo: Served):
    page = looking.at("", audience="")
    pick(page, "Община", "Ведрово")
    pick(page, "Община", "Горун")
    go_to(page, "Проверки")
    pick(page, "Период", "II срок")
    steps = [
        ("", "в областта"),
        ("?municipality=Ведрово", "в община Ведрово"),
        ("?municipality=Горун", "в община Горун"),
        ("inspections?municipality=Горун", "През I срок на 2023/2024 г. в община Горун"),
        ("inspections?municipality=Горун&period=II срок", "През II срок на 2023/2024 г. в община Горун"),
    ]
    stands(page, served_demo, *steps[-1])
    walked(page, served_demo, steps)


def test_from_a_school_back_to_where_it_was_opened(looking: Looking, served_demo: Served):
    page = looking.at("inspections", audience="", municipality="Горун")
    choose_row(page, "schools-", 0)
    expect(page).to_have_title("Училище · обхват")
    settled(page)
    school = unquote_plus(page.url).removeprefix(f"{served_demo.address}/")
    assert school.startswith("school?municipality=Горун&school=")
    name = school.split("school=")[1].split(",")[0]
    walked(page, served_demo, [("inspections?municipality=Горун", "в община Горун"), (school, name)])


RULE = ("risk?rule=failing", "„Слаби оценки“")


def test_the_rule_of_a_page_goes_back_too(looking: Looking, served_demo: Served):
    page = looking.at("risk", audience="")
    page.get_by_label("Правило").click()
    page.get_by_role("option", name="Слаби оценки").click()
    settled(page)
    first = ("risk", "„Праг за спиране на семейната помощ – училище“")
    walked(page, served_demo, [first, RULE])


def test_a_number_clicked_up_is_one_step(looking: Looking, served_demo: Served):
    page = looking.at("risk", audience="")
    for _ in range(3):
        page.get_by_role("button", name="Увеличи").click()
    settled(page)
    expect(page.get_by_label("Без действие от повече дни")).to_have_value("17")
    page.go_back()
    stands(page, served_demo, "risk")
    expect(page.get_by_label("Без действие от повече дни")).to_have_value("14")


def test_an_address_opens_the_same_elsewhere_and_is_kept_by_a_reload(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/{RULE[0]}")
    stands(page, served_demo, *RULE)
    address = "inspections?municipality=Горун&part=Констатации и препоръки"
    page.goto(f"{served_demo.address}/{address}")
    for again in (lambda: None, page.reload):
        again()
        stands(page, served_demo, address, "в община Горун")
        expect(page.get_by_role("radio", name="Констатации и препоръки")).to_be_checked()


def test_an_old_address_of_the_first_page_is_no_trap(page: Page, served_demo: Served):
    page.goto(f"{served_demo.address}/help")
    settled(page)
    page.goto(f"{served_demo.address}/overview")
    stands(page, served_demo, "", "в областта")
    page.go_back()
    stands(page, served_demo, "help")


def test_back_out_of_the_internal_view(looking: Looking, served_demo: Served):
    page = looking.at("cases", audience="")
    inside(page)
    expect(page.get_by_role("radio", name="Списък и случай")).to_be_visible()
    page.go_back()
    stands(page, served_demo, "cases")
    expect(page.get_by_role("radio", name="Списък и случай")).to_have_count(0)
