"""Помощ: how to work, what every figure means, templates to download, and why a row is handed back."""

from __future__ import annotations

import streamlit as st

from obhvat.datasets import Dataset, all_datasets, dataset
from obhvat.glossary import terms
from obhvat.ingest.checking.messages import RULE_WORDS
from obhvat.layouts import all_layouts
from obhvat.metrics import Metric, metrics_in_use
from obhvat.reports.templates import Form, all_templates, describe, file_name, template
from obhvat.resources import read_text
from obhvat.store.backup import what_a_copy_is
from obhvat.texts import noun
from obhvat.ui.session import open_store
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import bold, joined, tag
from obhvat.ui.widgets.own_sums import SUMS, show_own_sums

STEPS = (
    ("За заседанието", (
        ("Вижте първия екран.", "Страница „Преглед“: случаите в работа, кое е с изтекъл срок и какво предстои, проверените училища, кой не е подал отсъствия."),
        ("Проведете заседанието.", "Страница „Заседание“: започнете го, подредете слайдовете, внесете решенията, изтеглете протокола. „Режим за залата“ е за прожектора: стрелките или дистанционното сменят слайда, Esc излиза. Закритото заседание пази числата си."),
        ("Изпратете връзка.", "Адресът на страницата пази избраното, а бутонът „Назад“ на браузъра връща предишния избор. Изгледите „За членовете“ и „За пресата“ скриват малките числа; „Вътрешен“ не се отваря с връзка, а с щракване."),
    )),
    ("Всяка седмица", (
        ("Вижте кого да потърсите утре.", "Страница „Риск“: кой е над праговете, защо и за кого не са предприети действия. Праговете са в „Настройки“, а „Проверка на правилата“ показва дали правилата са отбелязали децата, които после са напуснали."),
        ("Водете случаите.", "Страница „Случаи“: как се събират, на кой етап е всеки, кой за какво отговаря. Във вътрешния изглед се добавят действия и статуси; нищо не се презаписва, а разминаванията с по-нов регистър се решават в „Разминавания“."),
        ("Планирайте проверките.", "Страница „Проверки“: кои училища не са проверени, какви са констатациите и кои да се проверят първо. Планът се записва и се изтегля за заповедта."),
    )),
    ("Всеки месец", (
        ("Качете всички файлове за месеца наведнъж.", "Страница „Качване“. Месечните файлове за НЕИСПУО се качват така, както излизат от дневника; справките на дневника, РУО и АСП – както се изтеглят; регистрите и проверките – по образците тук."),
        ("Вижте какво е разбрано.", "Годните редове са готови за запис. Редовете с грешка се връщат на подателя като файл с причината в последната колона."),
        ("Потвърдете или оставете съмнителните.", "Повторен файл, друг месец, по-малко редове, удвоени отсъствия: програмата спира и пита."),
        ("Запишете.", "Всичко избрано се записва наведнъж или никак. Всеки файл може да се отмени от страница „Данни“."),
    )),
    ("Веднъж, в началото", (
        ("Качете регистъра на институциите.", "По него се разпознават общините и училищата и се знае кой трябва да подава. Става и списъкът от портала за отворени данни."),
        ("Прегледайте праговете и сроковете.", "Страница „Настройки“: от кога едно дете е в риск и чия е всяка стъпка по случай, с източника на всяко число."),
        ("Включете копията.", "Страница „Данни“: по едно на ден, в папка извън този компютър."),
    )),
)  # fmt: skip
PERIODS = {
    "register": "както стои регистърът в края на периода",
    "events": "събития с дата в периода",
    "last_month": "последният месец с данни в периода",
    "all_months": "всички месеци на периода заедно",
}


def main() -> None:
    """The page: a tab a question."""
    html.lead("Как се работи, какво означава всяко число и как изглежда всеки файл.")
    how, figures, words, sums, files, rows, privacy, news = st.tabs(
        ["Как се работи", "Показатели", "Речник", SUMS, "Образци", "Защо се връща ред", "Лични данни", "Какво е ново"],
        key="tab",
        on_change="rerun",
        bind="query-params",
    )
    with how:
        _how()
    with figures:
        _figures()
    with words:
        captions = ["Дума", "Какво значи", "Не се казва"]
        html.show(html.table(captions, [(t.word, t.meaning, ", ".join(t.avoid)) for t in terms()]))
    with sums:
        show_own_sums()
    with files:
        _templates()
    with rows:
        html.show(
            html.table(["Правило", "Кога редът се връща"], [(title, words) for title, words in RULE_WORDS.values()])
        )
    with privacy:
        _privacy()
    with news:
        st.markdown(read_text("changelog.md"))


def _how() -> None:
    for when, steps in STEPS:
        html.part(when)
        html.show(tag("ol", *(tag("li", bold(title), " ", words) for title, words in steps), css="steps"))
    html.part("Нула, няма данни и скрито число")
    html.show(
        html.bullets(
            [
                joined([bold("0"), " – подадено е и няма нито един."]),
                joined([bold("няма данни"), " – никой не е подал; не е нула и не влиза в сбора."]),
                joined([bold("скрито"), " – числото е под 5 и от него може да се познае дете, или пази друго такова да не се изчисли; място, скрито в един месец, е скрито през цялата учебна година, и където може, се казва порядъкът: „под 10“, „10–19“."]),
            ]
        )
    )  # fmt: skip
    html.part("Резервно копие", "и докато програмата работи")
    html.show(
        tag("p", "С бутона на страница „Данни“, където може да се включи и по едно на ден. В командния ред: ", tag("code", "obhvat backup ПАПКА"), "; връщане: ", tag("code", "obhvat restore ФАЙЛ"),
            ". ", what_a_copy_is(".key"))
    )  # fmt: skip


def _figures() -> None:
    sections: dict[str, list[Metric]] = {}
    for metric in metrics_in_use(open_store()):
        sections.setdefault(metric.section, []).append(metric)
    for section, metrics in sections.items():
        html.part(section)
        html.show(*map(_definition, metrics))


def _definition(metric: Metric) -> html.Safe:
    lines = [("Брои се", metric.numerator)]
    if metric.denominator:
        lines.append(("От", metric.denominator))
    lines.append(("За периода", PERIODS[metric.period]))
    lines.append(("Какво е", "състояние към ден" if metric.stock else "сбор за периода"))
    lines.append(("Подава се от", noun(2, metric.place_noun)))
    if metric.rule:
        lines.append(("Праг", f"{metric.rule.words} за месец ({metric.rule.source})"))
    lines.append(("Източник", metric.source))
    if metric.children:
        lines.append(("Малки числа", "скриват се за членовете и за пресата"))
    if metric.outside != "places":
        lines.append(("Извън вътрешния изглед", "само за областта" if metric.outside == "oblast" else "не се показва"))
    if metric.breaks_on:
        lines.append(("Сравнение", f"не се сравнява през {metric.breaks_on:%d.%m.%Y} г., когато правилото е сменено"))
    facts = tag("dl", *(tag("div", tag("dt", k), tag("dd", v)) for k, v in lines))
    return tag("section", tag("h3", metric.name), tag("p", metric.definition), facts, css="definition")


def _templates() -> None:
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    names = [d.name for d in all_datasets()]
    chosen = left.selectbox(
        "Образец за", names, format_func=lambda n: dataset(n).title, key="template", bind="query-params"
    )
    right.download_button(
        "Всички образци (ZIP)",
        data=all_templates,
        file_name="образци-обхват.zip",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    wanted = dataset(chosen or names[0])
    html.quiet(f"Един ред е {wanted.one_row}.")
    for column, (form, filled, label) in zip(st.columns(5), _FORMS, strict=True):
        _download(column, wanted, form, filled, label)
    captions = ["Колона", "Задължителна", "Какво се пише", "Разпознава се и като"]
    html.show(html.table(captions, [describe(f) for f in wanted.printed]))
    html.quiet("Редът на колоните няма значение; заглавията се разпознават и по синоним. Четат се CSV и TXT във всяка "
            "обичайна кодировка и с всеки разделител, Excel, ODS, Parquet и ZIP с такива файлове.")  # fmt: skip
    html.part("Разпознават се и без образец", "така, както излизат от системите; каквото файлът не казва, се пита")
    html.show(html.bullets([*(x.title for x in all_layouts()), "Резултати от НВО и ДЗИ, както ги публикува МОН"]))
    html.quiet("Всяка друга таблица се обяснява веднъж на страница „Качване“ – коя колона какво е – и следващия път "
            "се разпознава сама.")  # fmt: skip


_FORMS: tuple[tuple[Form, bool, str], ...] = (
    ("xlsx", False, "Excel, празен"),
    ("xlsx", True, "Excel с примери"),
    ("csv", False, "CSV, празен"),
    ("csv", True, "CSV с примери"),
    ("parquet", True, "Parquet с примери"),
)


def _download(column, wanted: Dataset, form: Form, filled: bool, label: str) -> None:
    column.download_button(
        label,
        data=lambda: template(wanted, form, filled=filled),
        file_name=file_name(wanted, form, filled=filled),
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )


def _privacy() -> None:
    html.show(
        html.bullets(
            [
                "Колоните с имена, адреси и телефони се изпускат още при четенето и никъде не се записват.",
                "В бележки, причини, имена на паралелки и файлове и в редовете за поправка името на човек се заменя с „[име]“; колко са, пише в забележките на качването. Каквото прилича на име в това, което пишете тук, се пита; потвърденото се пази с това кой и кога го е потвърдил.",
                "Програмата познава имената по списък, по окончанията на фамилиите и по думите пред тях. Рядко име, което е и обикновена дума, може да не познае: не пишете имена. Председателят и представителите на институциите в заседанието са длъжностни лица и могат да са с имената си.",
                "ЕГН, ЛНЧ и ЛОН се заменят с код при четенето. Ключът за кода е в отделен файл до базата.",
                "Базата, ключът и копията се четат само от вашия потребител на компютъра. В Windows те са в папката на профила ви, която е само ваша; на друго място имат правата на папката си, затова там я ограничете сами.",
                "Повторно качен файл се разпознава по отпечатък, направен с ключа: от него не може да се налучка кой е бил във файла.",
                "В редовете за поправка вместо идентификатор стои маска; редът се намира по номера му във файла.",
                "Програмата работи само на този компютър (127.0.0.1) и не изпраща нищо навън.",
                "В адреса на страницата никога няма дете или случай.",
            ]
        )
    )  # fmt: skip


main()
