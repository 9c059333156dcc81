"""Documents as their readers see them: laid out in pages by LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer
from store_files import copy_store
from viewers import expert

from obhvat.meeting.decisions import add, decisions, to_follow
from obhvat.meeting.meetings import Meeting, attendance, open_meeting, set_attendance
from obhvat.meeting.slides import slides
from obhvat.periods import Period
from obhvat.reports import word
from obhvat.reports.forms import all_forms
from obhvat.reports.forms.checking import filled
from obhvat.reports.ministry import ministry_report
from obhvat.reports.press import press_document, press_text
from obhvat.reports.protocol import protocol
from obhvat.store import Store

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed: no page is looked at")

Pages = list[str]
Laid = Callable[[dict[str, bytes]], dict[str, Pages]]
LONG = "Община Генерал-Тошевско Преображенско-Константиново"


@pytest.fixture
def laid(tmp_path: Path) -> Laid:
    """Lays documents out: the text of every page of each."""

    def lay(documents: dict[str, bytes]) -> dict[str, Pages]:
        for name, content in documents.items():
            (tmp_path / f"{name}.docx").write_bytes(content)
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        sources = [str(tmp_path / f"{name}.docx") for name in documents]
        command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *sources]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return {
            name: [
                "\n".join(box.get_text() for box in page if isinstance(box, LTTextContainer))
                for page in extract_pages(tmp_path / f"{name}.pdf")
            ]
            for name in documents
        }

    return lay


def documents_of(store: Store) -> dict[str, bytes]:
    meeting = open_meeting(
        store, date(2024, 3, 13), Period(2023, "term", 1), "областен управител", viewer=expert("тест")
    )
    _entered(store, meeting)
    every = decisions(store, meeting.held_on)
    own, came = every[every["meeting"].dt.date == meeting.held_on], attendance(store, meeting.meeting_id)
    shown = slides(store, meeting, "members")
    said = [slide.sentence for slide in shown if slide.figure]
    return {
        "протокол": protocol(store, meeting, came, shown, own, to_follow(store, meeting.held_on)),
        "отчет": ministry_report(store, meeting, store.now(), own, said),
        "съобщение": press_document(store, press_text(store, meeting, came, own), meeting),
    }


def _entered(store: Store, meeting: Meeting) -> None:
    for institution in attendance(store, meeting.meeting_id)["institution"][:12]:
        set_attendance(store, meeting.meeting_id, institution, True, viewer=expert("тест"))
    for n in range(7):
        text = f"Общините да представят в срок данни за наложените санкции и за спрените помощи, {n + 1}"
        add(store, meeting.meeting_id, "decision", text, "РУО", "общини", date(2024, 4, 15), viewer=expert("тест"))


@pytest.fixture(params=["demo", "awkward", "blank"])
def met(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, bytes]:
    path = request.getfixturevalue(f"{request.param}_path")
    with Store(copy_store(path, tmp_path / "store")) as store:
        return documents_of(store)


def test_a_meetings_documents_are_pages_that_can_be_signed(met: dict[str, bytes], laid: Laid) -> None:
    pages = laid(met)
    last = pages["протокол"][-1]
    assert "Поради изчерпване на дневния ред" in last
    assert "Председател:" in last
    assert "Протоколирал:" in last
    last = pages["отчет"][-1]
    assert "Областен управител:" in last
    assert "Данните са към" in last
    assert all("{{" not in page for of in pages.values() for page in of)
    assert len(pages["съобщение"]) == 1
    for of in (pages["протокол"], pages["отчет"]):
        assert [n for n, page in enumerate(of, start=1) if f"Стр. {n} от {len(of)}" not in page] == []


def test_twenty_two_municipalities_of_long_names_stand_whole(laid: Laid) -> None:
    form = all_forms()["ministry"]
    rows = [(f"{LONG} {n}", "под 10", "12 345", "няма данни", "неприложимо") for n in range(1, 23)]
    captions = ("Община", "Ученици, достигнали месечния праг", "Проверки на дейността на директора", "Обходи", "Друго")
    section = {"номер": "2", "раздел": "По общини", "показатели": word.Table(captions, rows), "бележки": []}
    values = {**form.trial(), "раздели": [{**section, "по общини": [{"таблица": word.Table(captions, rows)}]}]}
    [pages] = laid({"отчет": filled(form.own, values)}).values()
    text = " ".join(" ".join(pages).split())
    for whole in ("Генерал-Тошевско", "неприложимо", "достигнали", "директора", "12 345"):
        assert whole.replace("-", "- ") in text or whole in text
    assert text.count("неприложимо") == 44
    # The captions stand above the rows of every page.
    assert all("достигнали" in page for page in pages if "Тошевско" in page)
