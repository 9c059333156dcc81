import re

from conftest_pages import Open, rows_of, words


def said(app) -> str:
    return " ".join(words(app).split())


def opened(demo_app: Open, audience: str = "Вътрешен", **address: str):
    return demo_app("backtest", audience=audience, year="2023/2024", **address)


def test_the_first_line_compares_the_first_visits_with_chance(demo_app: Open):
    app = opened(demo_app)
    first = re.search(r"От първите 30 деца по точки (.*?)\.", said(app))
    assert first
    assert "в следващите 3 месеца след октомври 2023" in first[1]
    assert "без подбор щяха да са" in said(app)


def test_more_visits_are_counted(demo_app: Open):
    app = opened(demo_app)
    app.slider(key="visits").set_value(60).run()
    assert not app.exception
    assert "първите 60 деца по точки" in said(app)


def test_the_row_of_the_points_is_what_the_first_line_says(demo_app: Open):
    app = opened(demo_app)
    rows = rows_of(app, "Всяко правило поотделно")
    assert rows[1][0] == "По точки: първите 30"
    hits, of = rows[1][2].split(" от ")
    assert (of, rows[1][1]) == ("30", "30")
    first = re.search(r"по точки (\S+ ?\S*?) (?:е|са|не е) напуснал", said(app))
    assert first
    assert first[1] == (hits if hits != "0" else "нито едно")


def test_too_few_who_left_say_nothing(demo_app: Open):
    app = opened(demo_app)
    app.selectbox(key="month-2023").set_value("декември 2023 г.").run()
    app.selectbox(key="ahead").set_value(1).run()
    assert "нищо не може да се заключи" in said(app)


def test_a_window_that_is_not_over_says_so(demo_app: Open):
    app = opened(demo_app)
    app.selectbox(key="ahead").set_value(6).run()
    assert "Данните стигат до 31.01.2024 г., а срокът – до 30.04.2024 г." in said(app)


def test_no_child_between_one_and_four_is_shown_to_members(demo_app: Open):
    app = opened(demo_app, "За членовете")
    for row in rows_of(app, "Всяко правило поотделно")[1:]:
        if " от " in row[2]:
            hits, of = (int(n) for n in row[2].split(" от "))
            left = int(row[5].split(" от ")[1].split()[0])
            assert not {hits, of - hits, left - hits} & {1, 2, 3, 4}
    assert not re.search(r"\b[1-4] (отписани|изчезнали|със случай)", said(app))


def test_the_press_sees_no_figure(demo_app: Open):
    text = said(opened(demo_app, "За пресата"))
    assert "не е за пресата" in text
    assert "Всяко правило" not in text


def test_rules_that_only_see_who_is_gone_are_not_tested(demo_app: Open):
    names = " ".join(row[0] for row in rows_of(opened(demo_app), "Всяко правило поотделно"))
    assert "Липсва в списъците" not in names
    assert "Завършил VII клас" not in names


def test_one_municipality_is_not_judged_alone(demo_app: Open):
    assert "Оценява се цялата област" in said(opened(demo_app, municipality="Ведрово"))


def test_a_year_without_later_data_says_so(empty_app: Open):
    assert "Още няма данни" in said(empty_app("backtest"))
