from conftest_pages import Open, rows_of, words

from obhvat import __version__
from obhvat.datasets import all_datasets
from obhvat.ingest.checking.messages import RULE_WORDS, RULES
from obhvat.metrics import all_metrics
from obhvat.people import ROLES
from obhvat.resources import read_text
from obhvat.ui.session import open_store


def test_every_metric_is_defined(empty_app: Open):
    said = words(empty_app("help"))
    assert [m.id for m in all_metrics() if m.name not in said or m.definition not in said] == []


def test_every_dataset_has_a_template(empty_app: Open):
    app = empty_app("help")
    chosen = app.selectbox(key="template")
    assert chosen.options == [d.title for d in all_datasets()]


def test_every_rule_is_explained():
    assert set(RULE_WORDS) == set(RULES)


def test_what_is_new_is_shown_with_its_version(empty_app: Open):
    changes = read_text("changelog.md")
    app = empty_app("help")
    assert [m.value for m in app.markdown if m.value.startswith("### ")] == [changes.strip()]
    assert f"Версия {__version__} на обхват" in words(app)


def test_a_sentence_of_ones_own_is_checked_and_not_kept(empty_app: Open):
    app = empty_app("help", tab="Провери сбор")
    app.text_area(key="own-sums-text").input("12 отпаднали: 2 върнати, 2 в чужбина и 9 подлежат")
    next(b for b in app.button if b.label == "Провери").click().run()
    said = words(app)
    assert "2 + 2 + 9 = 13; обявено: 12" in said
    assert "частите са с 1 повече от общото" in said
    assert open_store().rows("select count(*) from entries") == [(0,)]
    assert "подлежат" not in str(dict(app.query_params))


def test_a_text_that_is_not_understood_is_said_to_be_so(empty_app: Open):
    app = empty_app("help", tab="Провери сбор")
    app.text_area(key="own-sums-text").input("Обходени са 846 адреса от 31 екипа.")
    next(b for b in app.button if b.label == "Провери").click().run()
    assert "Не разбрах какво да проверя" in words(app)


def test_every_role_says_what_it_sees_and_why(empty_app: Open):
    table = rows_of(empty_app("help"), "Какво дава всяка роля")
    assert len(table) == 1 + len(ROLES)
    for role, row in zip(ROLES.values(), table[1:], strict=True):
        assert role.name in row[0]
        assert role.ground in row[0]
        assert [right for right in role.rights if f"{right.name} – {right.why}" not in row[4]] == []
