"""How it is counted."""

from __future__ import annotations

from obhvat.indicators.backtest import (
    DETECT,
    bowers,
)
from obhvat.indicators.thresholds import RuleSet
from obhvat.language import _
from obhvat.periods import month_label, next_month
from obhvat.texts import THIN_SPACE, day, listed, number
from obhvat.ui.backtest.tested import Tested
from obhvat.ui.widgets import html


def show(tested: Tested, rules: RuleSet) -> None:
    """Who is flagged, who has left, and what the columns mean."""
    html.part(_("Как е смятано"))
    detect = listed([f"„{rules[name].name}“" for name in DETECT])
    middle = bowers()[["precision", "recall"]].median()
    html.show(
        html.bullets(
            [
                _(
                    "Отбелязани: над прага на правилото към края на {month_label}, с днешните прагове "
                    "({words}) и само с данни до този месец. Точките на детето са сборът от точките на "
                    "правилата, които то покрива."
                ).format(month_label=month_label(tested.month), words=rules.words),
                _(
                    "Напуснали от {next_month} до {until}: отписани в списък или месечен файл; със случай на "
                    "отпадане; или липсващи – в последния списък на училището и в никой следващ, без запис. "
                    "Кога точно е напуснало дете не се знае: приема се средата между последното му появяване "
                    "и първия списък без него; ако това е преди срока, детето не участва."
                ).format(next_month=day(next_month(tested.month)), until=day(tested.until)),
                _(
                    "Преместен не е напуснал: детето е в по-късен списък или има отсъствия в друго училище "
                    "на областта. Отишлият в друга област не се различава от напуснал. Завършилите XII клас "
                    "не се броят."
                ),
                _("{detect} не се оценяват: те виждат деца, които вече ги няма, а не предсказват.").format(
                    detect=detect
                ),
                _(
                    "„Пъти по-често“: колко пъти по-често напуска отбелязано дете, отколкото кое да е. "
                    "„Вероятно между“: в тези граници би останал делът 95 пъти от 100, ако същото се повтори "
                    "с други деца."
                ),
                _(
                    "При половината от 110-те признака са напуснали най-много {part}{THIN_SPACE}% от "
                    "отбелязаните и са разпознати най-много {part2}{THIN_SPACE}% от напусналите. Те са за "
                    "години напред и за места, където отпадат много; при малко напуснали всяко правило стои "
                    "ниско в картината."
                ).format(
                    part=number(100 * middle["precision"]), THIN_SPACE=THIN_SPACE, part2=number(100 * middle["recall"])
                ),
                _("Дете без точки не е в безопасност, а правилото не казва защо детето напуска."),
            ]
        )
    )
