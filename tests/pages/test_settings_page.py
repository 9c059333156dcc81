"""The thresholds as an expert sets them."""

from __future__ import annotations

import re

import pytest
from conftest_pages import Open, rows_of, words
from streamlit.testing.v1 import AppTest
from viewers import expert

from obhvat.indicators import default_rules, rule
from obhvat.indicators.thresholds import rules_of, set_rules
from obhvat.ui.session import open_store

HOURS, DAYS = "monthly_unexcused_hours", "monthly_unexcused_days"


def field(app: AppTest, what: str, rule_id: str = HOURS, drawn: str = "0-0"):
    kind = {"operator": app.selectbox, "value": app.number_input, "points": app.number_input, "on": app.toggle}[what]
    return kind(key=f"{what}-{rule_id}-{drawn}")


def shown(app: AppTest) -> str:
    return re.sub(r"\s+", " ", words(app))


def lead(app: AppTest) -> str:
    [found] = re.findall(r'<h1 class="lead">(.*?)</h1>', " ".join(e.proto.body for e in app.get("html")))
    return re.sub(r"<[^>]+>", "", found)


@pytest.fixture
def saved(empty_app: Open) -> AppTest:
    """The page after the hours of schools were made strict."""
    app = empty_app("settings")
    field(app, "operator").set_value(">").run()
    return app.button(key="set").click().run()


def test_a_new_store_uses_what_is_declared(empty_app: Open):
    assert lead(empty_app("settings")) == "В сила са праговете по подразбиране – никой не ги е сменял."


@pytest.mark.parametrize("one", default_rules(), ids=lambda one: one.id)
def test_every_rule_has_its_source_beside_it(empty_app: Open, one):
    assert f"{one.name} {one.source}" in shown(empty_app("settings"))


def test_every_rule_can_be_switched_and_given_points(empty_app: Open):
    app = empty_app("settings")
    assert {t.key for t in app.toggle} == {f"on-{one.id}-0-0" for one in default_rules()}
    assert {n.key for n in app.number_input} >= {f"points-{one.id}-0-0" for one in default_rules()}


def test_a_rule_that_is_yes_or_no_has_no_number(empty_app: Open):
    keys = {n.key for n in empty_app("settings").number_input}
    without = {one.id for one in default_rules() if f"value-{one.id}-0-0" not in keys}
    assert without == {one.id for one in default_rules() if one.unit == "times"}


def test_a_low_mark_stays_below(empty_app: Open):
    found = field(empty_app("settings"), "operator", "low_average")
    assert (found.options, found.disabled) == (["под (<)"], True)


def test_there_is_nothing_to_save_at_first(empty_app: Open):
    app = empty_app("settings")
    assert app.button(key="set").disabled
    assert app.button(key="declared").disabled
    assert "Няма незаписани промени на праговете." in words(app)


def test_a_change_is_said_in_words_before_it_is_saved(empty_app: Open):
    app = empty_app("settings")
    field(app, "operator").set_value(">").run()
    assert "Праг за спиране на семейната помощ – училище: от „5 и повече часа“ на „повече от 5 часа“" in words(app)
    assert not app.button(key="set").disabled
    assert rules_of(open_store()).version == 0


def test_a_change_taken_back_by_hand_leaves_nothing_to_save(empty_app: Open):
    app = empty_app("settings")
    field(app, "value").set_value(6.0).run()
    field(app, "value").set_value(5.0).run()
    assert app.button(key="set").disabled


def test_giving_up_draws_the_fields_anew(empty_app: Open):
    app = empty_app("settings")
    field(app, "value").set_value(6.0).run()
    app.button(key="give_up").click().run()
    assert field(app, "value", drawn="0-1").value == 5.0
    assert app.button(key="set").disabled


def test_saving_makes_a_version(saved: AppTest):
    assert rules_of(open_store())[HOURS].words == "повече от 5 часа"
    assert lead(saved).startswith("В сила е версия 1 на праговете от ")
    assert field(saved, "operator", drawn="1-0").value == ">"
    assert saved.button(key="set").disabled


def test_what_was_saved_is_said_once(saved: AppTest):
    assert "Записано: версия 1." in words(saved)
    assert "Записано: версия 1." not in words(saved.run())


def test_a_changed_rule_says_what_is_declared(saved: AppTest):
    assert "По подразбиране: 5 и повече часа, точки 3" in shown(saved)


def test_several_changes_are_one_version(empty_app: Open):
    app = empty_app("settings")
    field(app, "value").set_value(7.5).run()
    field(app, "points", DAYS).set_value(1).run()
    field(app, "on", "rising").set_value(False).run()
    app.button(key="set").click().run()
    found = rules_of(open_store())
    assert (found.version, found[HOURS].value, found[DAYS].points, found["rising"].on) == (1, 7.5, 1, False)


def test_a_threshold_that_cannot_be_is_refused_in_words(empty_app: Open):
    app = empty_app("settings")
    field(app, "value").set_value(0.0).run()
    app.button(key="set").click().run()
    assert "праг 0 може само с „повече от“" in words(app)
    assert rules_of(open_store()).version == 0


def test_going_back_to_what_is_declared_is_a_new_version(saved: AppTest):
    saved.button(key="declared").click().run()
    found = rules_of(open_store())
    assert (found.version, found.rules) == (2, default_rules())
    assert lead(saved).endswith("– същите като по подразбиране.")
    assert saved.button(key="declared").disabled


def test_the_history_says_who_and_what(saved: AppTest):
    saved.button(key="declared").click().run()
    _, *rows = rows_of(saved, "История")
    assert [(row[0], row[3]) for row in rows] == [
        ("2 – в сила", "Праг за спиране на семейната помощ – училище: от „повече от 5 часа“ на „5 и повече часа“"),
        ("1", "Праг за спиране на семейната помощ – училище: от „5 и повече часа“ на „повече от 5 часа“"),
    ]
    assert {row[2] for row in rows} == {rules_of(open_store()).by}


def test_the_lessons_a_day_are_shown(empty_app: Open):
    rows = rows_of(empty_app("settings"), "Възможни часове")
    assert rows[1:] == [
        ["Предучилищни групи", "1 ден"],
        ["I–IV клас", "5 часа"],
        ["V–VII клас", "6 часа"],
        ["VIII–XII клас", "7 часа"],
    ]


def test_a_name_from_outside_is_not_markup(empty_app: Open):
    app = empty_app("help")
    set_rules(open_store(), {HOURS: rule(DAYS)}, expert("<b>Мария</b>"))
    app.switch_page("pages/settings.py").run()
    assert "<b>Мария</b>" in lead(app).replace("&lt;", "<").replace("&gt;", ">")


def test_help_and_overview_say_the_threshold_in_use(demo_app: Open):
    app = demo_app("settings")
    field(app, "operator").set_value(">").run()
    app.button(key="set").click().run()
    assert "повече от 5 часа за месец" in words(app.switch_page("pages/help.py").run())
    overview = words(app.switch_page("pages/overview.py").run())
    assert "Ученици с повече от 5 неизвинени часа" in overview
    assert "Праг: повече от 5 часа за месец." in overview
