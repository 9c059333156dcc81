"""How it is counted."""

from __future__ import annotations

from obhvat.indicators.backtest import (
    DETECT,
    bowers,
)
from obhvat.indicators.thresholds import RuleSet
from obhvat.periods import month_label, next_month
from obhvat.texts import THIN_SPACE, day, listed, number
from obhvat.ui.backtest.tested import Tested
from obhvat.ui.widgets import html


def show(tested: Tested, rules: RuleSet) -> None:
    """Who is flagged, who has left, and what the columns mean."""
    html.part("Как е смятано")
    detect = listed([f"„{rules[name].name}“" for name in DETECT])
    middle = bowers()[["precision", "recall"]].median()
    html.show(
        html.bullets(
            [
                f"Отбелязани: над прага на правилото към края на {month_label(tested.month)}, с днешните прагове "
                f"({rules.words}) и само с данни до този месец "
                "Точките на детето са сборът от точките на правилата, които то покрива.",
                f"Напуснали от {day(next_month(tested.month))} до {day(tested.until)}: отписани в списък или месечен "
                "файл; със случай на отпадане; или липсващи – в последния списък на училището и в никой следващ, без "
                "запис. Кога точно е напуснало дете не се знае: приема се средата между последното му появяване и "
                "първия списък без него; ако това е преди срока, детето не участва.",
                "Преместен не е напуснал: детето е в по-късен списък или има отсъствия в друго училище на областта. "
                "Отишлият в друга област не се различава от напуснал. Завършилите XII клас не се броят.",
                f"{detect} не се оценяват: те виждат деца, които вече ги няма, а не предсказват.",
                "„Пъти по-често“: колко пъти по-често напуска отбелязано дете, отколкото кое да е. „Вероятно между“: "
                "в тези граници би останал делът 95 пъти от 100, ако същото се повтори с други деца.",
                f"При половината от 110-те признака са напуснали най-много {number(100 * middle['precision'])}"
                f"{THIN_SPACE}% от отбелязаните и са разпознати най-много {number(100 * middle['recall'])}"
                f"{THIN_SPACE}% от напусналите. Те са за години напред и за места, където отпадат много; при малко "
                "напуснали всяко правило стои ниско в картината.",
                "Дете без точки не е в безопасност, а правилото не казва защо детето напуска.",
            ]
        )
    )
