"""Slides measured as the browser draws them: type, the room the picture fills, nothing cut, nothing over another; axe
finds nothing on those of the members."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from conftest_browser import Served
from hard_slides import HARD
from playwright.sync_api import Page, expect
from test_accessibility import MEMBERS, violations

from obhvat.ui.meeting.slide_view import slide_html

FOOT = ".room-foot span:last-child"
SIZES = ((1920, 1080), (1280, 720), (3840, 2160))
# Of 1920 pixels of the width.
FIGURE, ROW, SMALLEST = 64, 36, 28
FILLED = 0.8
"""Of the room between the sentence and the foot; the least that was measured on the demonstration is 0.86."""

_MEASURED = """() => {
    const slide = document.querySelector('.room-slide'), svg = slide.querySelector('svg');
    const u = 1920 / innerWidth;
    const of = box => ({x: box.x * u, y: box.y * u, right: box.right * u, bottom: box.bottom * u});
    const size = e => parseFloat(getComputedStyle(e).fontSize) * (e.ownerSVGElement ? e.getScreenCTM().a : 1) * u;
    const written = [...slide.querySelectorAll('.room-title, .room-sentence, .room-foot span, svg text')]
        .filter(e => e.textContent.trim() && e.checkVisibility());
    const boxes = written.map(e => {
        const box = of(e.getBoundingClientRect()), tall = e.ownerSVGElement ? 0.2 * (box.bottom - box.y) : 0;
        return {...box, y: box.y + tall, bottom: box.bottom - tall, words: e.textContent, size: size(e),
                kind: e.getAttribute('class') || ''};
    });
    const drawn = svg ? [...svg.querySelectorAll(':scope > :not(defs)')].map(e => of(e.getBoundingClientRect())) : [];
    const body = of(slide.querySelector('.room-body').getBoundingClientRect());
    const sentence = of(slide.querySelector('.room-sentence').getBoundingClientRect());
    const foot = of(slide.querySelector('.room-foot').getBoundingClientRect());
    return {title: slide.querySelector('.room-title').textContent, boxes, drawn, body, sentence, foot,
            cut: slide.scrollWidth > slide.clientWidth || slide.scrollHeight > slide.clientHeight,
            bottom: innerHeight * u, is_bare: slide.classList.contains('bare')};
}"""


def measured(page: Page) -> Iterator[dict]:
    """Every slide, from the first, as it is drawn."""
    page.wait_for_selector(".room-slide")
    page.wait_for_selector(".st-key-room-leave button")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    n = of = 0
    # The press has fewer slides: how many is read beside each.
    while n == 0 or n < of:
        n += 1
        expect(page.locator(FOOT)).to_have_text(re.compile(f"^{n} от"))
        of = int(page.locator(FOOT).inner_text().split()[-1])
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            yield {"width": width, **page.evaluate(_MEASURED)}
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.keyboard.press("ArrowRight")


def faults(slide: dict) -> list[str]:
    """What is wrong with a slide."""
    boxes = slide["boxes"]
    found = ["cut"] if slide["cut"] else []
    least = {"figure": FIGURE, "words": ROW, "note": SMALLEST}
    found += [
        f"small: {box['words']} {box['size']:.0f}"
        for box in boxes
        if box["size"] < least.get(box["kind"], SMALLEST) - 0.5
    ]
    found += [
        f"outside: {box['words']}"
        for box in boxes
        if box["x"] < -1 or box["y"] < -1 or box["right"] > 1921 or box["bottom"] > slide["bottom"] + 1
    ]
    found += [
        f"over one another: {one['words']} | {other['words']}"
        for n, one in enumerate(boxes)
        for other in boxes[n + 1 :]
        if min(one["right"], other["right"]) - max(one["x"], other["x"]) > 2
        and min(one["bottom"], other["bottom"]) - max(one["y"], other["y"]) > 2
    ]
    if slide["is_bare"]:
        [sentence] = [box for box in boxes if box["kind"] == "room-sentence"]
        found += ["a sentence alone is small"] if sentence["size"] < 96 else []
    elif (share := filled(slide)) < FILLED:
        found.append(f"filled {share:.2f}")
    return found


def filled(slide: dict) -> float:
    """The share of the room under the sentence that the picture reaches over."""
    drawn = slide["drawn"]
    across = max(box["right"] for box in drawn) - min(box["x"] for box in drawn)
    tall = max(box["bottom"] for box in drawn) - min(box["y"] for box in drawn)
    free = (slide["foot"]["right"] - slide["foot"]["x"]) * (slide["foot"]["y"] - slide["sentence"]["bottom"])
    return across * tall / free


@pytest.mark.parametrize("audience", [MEMBERS, "За пресата"])
def test_every_slide_is_large_full_and_whole_and_breaks_no_rule(page: Page, served_demo: Served, audience: str) -> None:
    page.goto(f"{served_demo.address}/room")
    page.wait_for_selector(".room-slide")
    page.mouse.move(300, 300)
    page.get_by_text(audience, exact=True).click()
    expect(page.get_by_role("radio", name=audience)).to_be_checked()
    page.mouse.move(300, 200)
    wrong = {}
    for slide in measured(page):
        told = faults(slide)
        if audience == MEMBERS and slide["width"] == 1920:
            told += violations(page)
        if told:
            wrong[slide["title"], slide["width"]] = told
    assert wrong == {}


def test_long_names_and_many_places_are_whole_too(page: Page, served_demo: Served) -> None:
    """Drawn in the page of the room, in its type."""
    page.goto(f"{served_demo.address}/room")
    page.wait_for_selector(".room-body svg")
    wrong = {}
    for slide in HARD:
        made = slide_html(slide, 1, 1, "Област")
        page.evaluate("html => { document.querySelector('.room-slide').outerHTML = html }", made)
        page.wait_for_selector(".room-body svg")
        # Of one municipality there is little to draw.
        told = [fault for fault in faults(page.evaluate(_MEASURED)) if not fault.startswith("filled")]
        if told:
            wrong[slide.title] = told
    assert wrong == {}
