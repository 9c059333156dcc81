"""A figure in words: its value, its change, and from how many places it comes."""

from __future__ import annotations

from obhvat.language import _
from obhvat.metrics.doubled import doubled_words
from obhvat.metrics.figures import Figure
from obhvat.metrics.metric import Metric
from obhvat.texts import NO_DATA, change, counted, day, number, out_of, with_word


def value_words(of: Metric, n: float | None, d: float | None, value: float | None) -> str:
    """„14“, „38 от 40“, „3,45“ or „няма данни“."""
    if of.kind == "ratio":
        return NO_DATA if value is None else number(value, 2)
    return number(n) if of.kind == "count" else out_of(n, d)


def figure_words(of: Figure) -> str:
    """The same of a figure; without data in the month that is counted, „няма данни за януари 2024 г.“; for each of
    children whom no list counts, „няма списъци на учениците“."""
    if of.metric.kind == "ratio" and of.value is None and of.without_list:
        return lists_words(of)
    words = value_words(of.metric, of.n, of.d, of.value)
    return (
        _("{words} за {period_words}").format(words=words, period_words=of.period_words)
        if of.month and not of.has_data
        else words
    )


def doubled_note(of: Figure, *, named: bool = True) -> str:
    """What of it may be counted twice, by whose word; empty where nothing is. Without names for the press."""
    return doubled_words(of.doubled, _("дни") if of.metric.grain == "kindergarten" else _("часове"), named=named)


def lists_words(of: Figure) -> str:
    """Why there is no share: „няма списъци на учениците“, „няма списък на учениците на 2 училища“; empty where there
    are all."""
    if not of.without_list:
        return ""
    whose = _("децата") if of.metric.grain == "kindergarten" else _("учениците")
    if of.without_list == sum(count.reports for count in of.of_places):
        return _("няма списъци на {whose}").format(whose=whose)
    return _("няма списък на {whose} на {without_list}").format(
        whose=whose, without_list=counted(of.without_list, of.place_noun)
    )


def comparable(now: Figure, before: Figure) -> bool:
    """False when the rule behind the figure changed between the two periods."""
    changed_on = now.metric.breaks_on
    return changed_on is None or not (before.period.first < changed_on <= now.period.last)


def change_words(now: Figure, before: Figure) -> str:
    """How it changed since the same period a year ago."""
    since = before.since
    if now.value is None:
        return ""
    if before.value is None:
        return _("за {since} няма данни за сравнение").format(since=since)
    if not comparable(now, before):
        return _("не се сравнява с {since}: правилото е сменено").format(since=since)
    if now.metric.kind == "ratio":
        difference = now.value - before.value
        words = _("повече") if difference > 0 else _("по-малко")
        size = number(abs(difference), 2)
        return _("{with_word} {size} {words} спрямо {since} ({value})").format(
            with_word=with_word(difference), size=size, words=words, since=since, value=number(before.value, 2)
        )
    return change(now.value, before.value, now.metric.unit, since)


def source_words(of: Figure) -> str:
    """„по данни от 38 от 40 училища“, of months together „от 196 от 200 училищни месеца“, and whose lists are missing;
    empty without data."""
    if not of.has_data:
        return ""
    sent, due = of.reporting, of.places
    if of.months_sent is not None and of.months_due is not None:
        sent, due = of.months_sent, of.months_due
    noun = of.metric.sent_noun
    words = _("по данни от {part}").format(part=out_of(sent, due, noun) if sent < due else counted(due, noun))
    return "; ".join(filter(None, [words, lists_words(of)]))


def why_no_cases(of: Figure) -> str:
    """Why a figure of cases has no data: there is no register, or what there is tells nothing of the time or place."""
    if not of.registers:
        return _("няма качен регистър на случаите")
    days = [day(register) for register in of.registers]
    which = (
        _("регистърът на случаите от {days}").format(days=days[-1])
        if len(days) == 1
        else _("регистрите на случаите (до {days})").format(days=days[-1])
    )
    tells = _("не казва") if len(days) == 1 else _("не казват")
    where = (
        _("за това място")
        if of.scope.municipality or of.scope.school
        else _("за {period_words}").format(period_words=of.period_words)
    )
    return _("{which} {tells} нищо {where}").format(which=which, tells=tells, where=where)
