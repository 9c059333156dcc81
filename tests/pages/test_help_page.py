from conftest_pages import Open, words

from obhvat.datasets import all_datasets
from obhvat.ingest.checking.messages import RULE_WORDS, RULES
from obhvat.metrics import all_metrics
from obhvat.resources import read_text


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
    assert [m.value for m in empty_app("help").markdown if m.value.startswith("### ")] == [changes.strip()]
