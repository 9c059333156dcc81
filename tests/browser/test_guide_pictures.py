"""The pictures of the guides in «Помощ»: taken from the running demonstration, and held against it.

    OBHVAT_TAKE_PICTURES=1 python -m pytest -n 0 tests/browser/test_guide_pictures.py

takes them anew. What stands in them is written beside them, so that a page which says something else is noticed.
"""

import io
import json
import os

from conftest_browser import GO, STILL, Served, settled
from PIL import Image
from places import ROOT
from playwright.sync_api import Page

from obhvat.resources import read_toml

PICTURES = ROOT / "obhvat" / "ui" / "help" / "pictures"
SHOWN = PICTURES / "shown.json"
DECLARED = read_toml("ui/help/guides.toml")["pictures"]
WIDTH = 1100
# Captions: what a page is made of. Numbers are the demonstration's, and change with its rules.
CAPTIONS = """below => [...document.querySelectorAll('h2, .room-title')]
    .filter(e => e.checkVisibility() && (below || e.getBoundingClientRect().top < innerHeight))
    .map(e => (e.firstChild?.nodeType === 3 ? e.firstChild.textContent : e.textContent).trim())"""


def take(page: Page, name: str) -> None:
    image = Image.open(io.BytesIO(page.screenshot()))
    small = image.resize((WIDTH, image.height * WIDTH // image.width), Image.Resampling.LANCZOS)
    small.save(PICTURES / f"{name}.webp", quality=72, method=6)


def test_pages_have_the_captions_of_their_pictures(page: Page, served_demo: Served):
    taking = "OBHVAT_TAKE_PICTURES" in os.environ
    page.set_viewport_size({"width": 1366, "height": 768})
    kept, captions, gone = json.loads(SHOWN.read_text("utf-8")), {}, {}
    # The room comes last: from it no page leads out.
    page.goto(f"{served_demo.address}/help")
    settled(page)
    for name in sorted(DECLARED, key=lambda picture: DECLARED[picture]["address"] == "room"):
        page.evaluate(GO, f"/{DECLARED[name]['address']}")
        page.wait_for_function(STILL)
        page.wait_for_selector(".lead, .room-slide")
        if taking:
            page.wait_for_timeout(1000)
            take(page, name)
        captions[name] = page.evaluate(CAPTIONS, False)
        # Where the screen ends among them depends on how far the page is drawn.
        if missing := set(kept.get(name, ())) - set(page.evaluate(CAPTIONS, True)):
            gone[name] = missing
    if taking:
        SHOWN.write_text(json.dumps(captions, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert taking or (gone, kept.keys()) == ({}, captions.keys()), "take the pictures anew and look at them"


def test_every_step_has_a_picture_that_is_there():
    steps = [step for role in read_toml("ui/help/guides.toml")["role"] for step in role["step"]]
    assert {step["picture"] for step in steps} == set(DECLARED)
    assert {path.stem for path in PICTURES.glob("*.webp")} == set(DECLARED)
    assert all(path.stat().st_size < 120_000 for path in PICTURES.glob("*.webp"))
