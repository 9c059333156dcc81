import pytest
from conftest_pages import Open, words
from looks_page import looked, without_a_line

from obhvat.ui.shell import PAGES

NAMES = [path for path, _, _ in PAGES]
BROKEN = "В програмата има грешка"


@pytest.mark.parametrize("page", NAMES)
def test_page_opens_on_the_demo(demo_app: Open, page: str):
    app = demo_app(page)
    assert not app.exception
    assert BROKEN not in words(app)
    assert ('class="room-slide"' if page == "room" else 'class="lead"') in app_html(app)


def test_pages_open_on_the_awkward_oblast(awkward_app: Open):
    # A school closed in November, registers of another day than the period's, nothing sent for a month.
    periods = [{"period": "I срок"}, {"period": "Цялата година"}, {"period": "Лято", "year": "2022/2023"}]
    of_periods = [(page, of) for page in ("overview", "cases", "inspections", "data_status") for of in periods]
    for page, address in [*((name, {}) for name in NAMES), *of_periods]:
        app, lines = looked(awkward_app, page, audience="Вътрешен", **address)
        assert not app.exception, (page, address)
        assert BROKEN not in words(app), (page, address)
        assert without_a_line(app, lines) == set(), (page, address)
        assert ('class="room-slide"' if page == "room" else 'class="lead"') in app_html(app), (page, address)


@pytest.mark.parametrize("page", NAMES)
def test_page_opens_on_an_empty_store(empty_app: Open, page: str):
    app = empty_app(page)
    assert not app.exception
    assert BROKEN not in words(app)


@pytest.mark.parametrize("page", NAMES)
@pytest.mark.parametrize("audience", ["За членовете", "За пресата", "Вътрешен"])
def test_page_opens_for_one_municipality_and_every_audience(demo_app: Open, page: str, audience: str):
    app = demo_app(page, municipality="Студеница", audience=audience)
    assert not app.exception
    assert BROKEN not in words(app)


@pytest.mark.parametrize("page", ["overview", "data_status"])
@pytest.mark.parametrize("period", ["II срок", "Цялата година", "Септември", "Юни"])
def test_page_opens_for_every_kind_of_period(demo_app: Open, page: str, period: str):
    app = demo_app(page, period=period, year="2022/2023")
    assert not app.exception
    assert BROKEN not in words(app)


@pytest.mark.parametrize(
    "address",
    [{"municipality": "<script>"}, {"school": "9999999"}, {"year": "1800"}, {"period": "никога"}, {"audience": "x"}],
)
def test_an_unknown_value_in_the_address_falls_back_to_the_whole_oblast(demo_app: Open, address: dict[str, str]):
    app = demo_app("overview", **address)
    assert not app.exception
    assert "14 случая" in words(app)


def test_an_empty_store_offers_the_demo(empty_app: Open):
    app = empty_app("overview")
    assert "Разгледай примерна област" in [b.label for b in app.button]


def app_html(app) -> str:
    return " ".join(e.proto.body for e in app.get("html"))
