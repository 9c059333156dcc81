"""Помощ: how to work, what every figure means, templates to download, and why a row is handed back."""

from __future__ import annotations

from platform import python_version

import streamlit as st

from obhvat import __version__
from obhvat.datasets import Dataset, all_datasets, dataset
from obhvat.glossary import terms
from obhvat.ingest.checking.messages import RULE_WORDS
from obhvat.language import N_, _, is_english
from obhvat.layouts import all_layouts
from obhvat.metrics import Metric, metrics_in_use
from obhvat.reports.templates import Form, all_templates, describe, file_name, template
from obhvat.resources import read_text
from obhvat.texts import noun
from obhvat.ui.filters import read_in_either_language
from obhvat.ui.help.guides import ROLES, show_guides
from obhvat.ui.help.privacy import show_privacy
from obhvat.ui.help.steps import show_steps
from obhvat.ui.people import rights
from obhvat.ui.session import open_store
from obhvat.ui.shell import page_titles
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import tag
from obhvat.ui.widgets.own_sums import SUMS, show_own_sums

PERIODS = {
    "register": N_("както стои регистърът в края на периода"),
    "events": N_("събития с дата в периода"),
    "last_month": N_("последният месец с данни в периода"),
    "all_months": N_("всички месеци на периода заедно"),
}


def main() -> None:
    """The page: a tab a question."""
    html.lead(_("Как се работи, какво означава всяко число и как изглежда всеки файл."))
    if is_english():
        html.quiet(_IN_BULGARIAN)
    names = (N_("Как се работи"), ROLES, N_("Показатели"), N_("Речник"), SUMS, N_("Образци"), N_("Защо се връща ред"))
    names += (rights.PART, N_("Лични данни"), N_("Какво е ново"))
    read_in_either_language("tab", names)
    if (chosen := st.session_state.get("tab")) in names:
        # A tab is called by what stands on it.
        st.session_state["tab"] = _(chosen)
    how, guides, figures, words, sums, files, rows, who, privacy, news = st.tabs(
        [_(name) for name in names], key="tab", on_change="rerun", bind="query-params"
    )
    with how:
        show_steps()
    with guides:
        show_guides()
    with figures:
        _figures()
    with words:
        _glossary()
    with sums:
        show_own_sums()
    with files:
        _templates()
    with rows:
        html.show(
            html.table(
                [_("Правило"), _("Кога редът се връща")], [(_(title), _(words)) for title, words in RULE_WORDS.values()]
            )
        )
    with who:
        rights.show_how()
        rights.show_rights(page_titles())
    with privacy:
        show_privacy()
    with news:
        html.quiet(
            _("Версия {version} на обхват, Python {python}.").format(version=__version__, python=python_version())
        )
        st.markdown(read_text("changelog.md"))


_IN_BULGARIAN = (
    "In Bulgarian only, whoever looks: the slides in the room, the documents (Word, Excel, PDF, letters, "
    "the press text), the messages of the command line, what is new, and data: names, words of files and what "
    "people wrote."
)


def _glossary() -> None:
    if is_english():
        captions = ["Term", "In Bulgarian", "What it means"]
        html.show(html.table(captions, [(t.english, t.word, t.meaning) for t in terms()]))
        return
    captions = [_("Дума"), _("Какво значи"), _("Не се казва")]
    html.show(html.table(captions, [(t.word, t.meaning, ", ".join(t.avoid)) for t in terms()]))


def _figures() -> None:
    sections: dict[str, list[Metric]] = {}
    for metric in metrics_in_use(open_store()):
        sections.setdefault(metric.section, []).append(metric)
    for section, metrics in sections.items():
        html.part(section)
        html.show(*map(_definition, metrics))


def _definition(metric: Metric) -> html.Safe:
    lines = [(_("Брои се"), metric.numerator)]
    if metric.denominator:
        lines.append((_("От"), metric.denominator))
    lines.append((_("За периода"), _(PERIODS[metric.period])))
    lines.append((_("Какво е"), _("състояние към ден") if metric.stock else _("сбор за периода")))
    lines.append((_("Подава се от"), noun(2, metric.place_noun)))
    if metric.rule:
        lines.append(
            (_("Праг"), _("{words} за месец ({source})").format(words=metric.rule.words, source=metric.rule.source))
        )
    lines.append((_("Източник"), metric.source))
    if metric.children:
        lines.append((_("Малки числа"), _("скриват се за членовете и за пресата")))
    if metric.outside != "places":
        lines.append(
            (_("Извън вътрешния изглед"), _("само за областта") if metric.outside == "oblast" else _("не се показва"))
        )
    if metric.breaks_on:
        lines.append(
            (
                _("Сравнение"),
                _("не се сравнява през {breaks_on:%d.%m.%Y} г., когато правилото е сменено").format(
                    breaks_on=metric.breaks_on
                ),
            )
        )
    facts = tag("dl", *(tag("div", tag("dt", k), tag("dd", v)) for k, v in lines))
    return tag("section", tag("h3", metric.name), tag("p", metric.definition), facts, css="definition")


def _templates() -> None:
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    names = [d.name for d in all_datasets()]
    read_in_either_language("template", names, _title)
    chosen = left.selectbox(_("Образец за"), names, format_func=_title, key="template", bind="query-params")
    right.download_button(
        _("Всички образци (ZIP)"),
        data=all_templates,
        file_name=_("образци-обхват.zip"),
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    wanted = dataset(chosen or names[0])
    html.quiet(_("Един ред е {one_row}.").format(one_row=_(wanted.one_row)))
    for column, (form, filled, label) in zip(st.columns(5), _FORMS, strict=True):
        _download(column, wanted, form, filled, _(label))
    captions = [_("Колона"), _("Задължителна"), _("Какво се пише"), _("Разпознава се и като")]
    html.show(html.table(captions, [describe(f) for f in wanted.printed]))
    html.quiet(_(
"Редът на колоните няма значение; заглавията се разпознават и по синоним. Четат се CSV и TXT във "
"всяка обичайна кодировка и с всеки разделител, Excel, ODS, Parquet и ZIP с такива файлове."
))  # fmt: skip
    html.part(
        _("Разпознават се и без образец"), _("така, както излизат от системите; каквото файлът не казва, се пита")
    )
    html.show(html.bullets([*(_(x.title) for x in all_layouts()), _("Резултати от НВО и ДЗИ, както ги публикува МОН")]))
    html.quiet(_(
"Всяка друга таблица се обяснява веднъж на страница „Качване“ – коя колона какво е – и следващия път "
"се разпознава сама."
))  # fmt: skip


def _title(name: str) -> str:
    return _(dataset(name).title)


_FORMS: tuple[tuple[Form, bool, str], ...] = (
    ("xlsx", False, N_("Excel, празен")),
    ("xlsx", True, N_("Excel с примери")),
    ("csv", False, N_("CSV, празен")),
    ("csv", True, N_("CSV с примери")),
    ("parquet", True, N_("Parquet с примери")),
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


main()
