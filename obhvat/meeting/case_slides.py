"""Slides of the cases beside how they add up: where they are, why, who stayed, and what parents were given."""

from __future__ import annotations

from obhvat.cases.reasons import REASONS
from obhvat.cases.stayed import OUTCOMES
from obhvat.meeting.figure_slides import About, at_most, changes, given, new_slide, source
from obhvat.meeting.slide import Slide
from obhvat.metrics import Figure
from obhvat.texts import capitalized, counted, ended, listed, noun, number, out_of, was, was_inside

_SANCTIONS = ("sanction_reports", "sanction_acts", "sanction_penalties", "allowances_stopped")
_FIRST, _LAST = 30, 90


def places_slide(about: About) -> Slide | None:
    """Cases in work by municipality, for members; left out where none of them may be told."""
    in_work = about.figure("cases_in_work")
    if about.is_press or not in_work.n or about.is_small(in_work):
        return None
    shown = about.disclosure.counts(in_work)
    told = {place: int(of.value) for place, of in shown.items() if of.value}
    if not told:
        return None
    # Those that are hidden come last, by name: their place among the others would say how many they are.
    ordered = sorted(shown, key=lambda place: (shown[place].is_hidden, -(given(shown[place].value) or 0), place))
    most = max(told.values())
    first = [place for place in ordered if told.get(place) == most]
    words = (
        f"Най-много случаи в работа има в {_municipalities(first)} – {'по ' if len(first) > 1 else ''}{number(most)}"
    )
    return new_slide(
        "places",
        ended(words),
        columns=("Община", "Случаи в работа"),
        rows=at_most([(place, shown[place].text) for place in ordered]),
        picture="ranking",
        data=tuple((place, given(shown[place].value)) for place in ordered),
        source=source(in_work),
    )


def _municipalities(names: list[str]) -> str:
    return f"община {names[0]}" if len(names) == 1 else f"общините {listed(names, most=3)}"


def reasons_slide(about: About) -> Slide | None:
    """Why the children are out of school, as the registers say."""
    kinds = [(value.caption, about.figure(f"cases_by_reason_{value.code}")) for value in REASONS]
    kinds.append(("не е посочена", about.figure("cases_without_reason")))
    figures = [of for _, of in kinds]
    if not _may_be_told(about, figures):
        return None
    if figures[0].n is None:
        return new_slide("reasons", "За причините няма качени данни.")
    whole = int(figures[0].d or 0)
    rows = sorted(((name, int(of.n or 0)) for name, of in kinds if of.n), key=lambda row: -row[1])
    if not rows:
        return new_slide("reasons", "В регистъра няма случаи.", source=source(figures[0]))
    n = rows[0][1]
    first = [f"„{name}“" for name, of in rows if of == n]
    if len(first) == 1:
        words = f"Най-честата причина е {first[0]} – при {out_of(n, whole, 'случай')}"
    else:
        words = f"Най-честите причини са {listed(first, most=3)} – по {counted(n, 'случай')} от {number(whole)}"
    return new_slide(
        "reasons",
        ended(words),
        columns=("Причина", "Случаи"),
        rows=at_most([(capitalized(name), number(of)) for name, of in rows]),
        picture="ranking",
        data=tuple((capitalized(name), float(of)) for name, of in rows),
        source=source(figures[0]),
    )


def stayed_slide(about: About) -> Slide | None:
    """Whether who was returned is still at school: a return is not the end."""
    after = {
        (outcome, days): about.figure(f"returns_{outcome}_{days}") for outcome in OUTCOMES for days in (_FIRST, _LAST)
    }
    if not _may_be_told(about, list(after.values())):
        return None
    stayed, left = after["stayed", _FIRST], after["left", _FIRST]
    if stayed.n is None:
        return new_slide("stayed", "За върнатите в училище няма качени данни.")
    n, whole = int(stayed.n), int(stayed.d or 0)
    if not whole:
        return new_slide("stayed", "Няма върнати деца, които могат да се проследят.", source=source(stayed))
    due = whole - int(after["too_early", _FIRST].n or 0)
    again = int(left.n or 0)
    words = f"Още не са минали {_FIRST} дни от нито едно връщане"
    if due:
        returned = f"{counted(due, 'дете')}, {'върнато' if due == 1 else 'върнати'} преди повече от {_FIRST} дни"
        words = f"От {returned}, в училище "
        words += f"{was_inside('останал', n, 'дете')} {number(n)}" if n else "не е останало нито едно"
        words += f", а отново {was_inside('отпаднал', again, 'дете')} {number(again)}" if again else ""
    then = [f"{OUTCOMES[what]} {number(after[what, _LAST].n)}" for what in ("stayed", "left") if after[what, _LAST].n]
    return new_slide(
        "stayed",
        ended(words),
        figure=out_of(n, due),
        figure_note=f"са в училище {_FIRST} дни след връщането",
        change=f"{_LAST} дни след връщането: {', '.join(then)}" if then else "",
        columns=("Какво е станало", "Случаи"),
        rows=tuple((capitalized(name), number(after[what, _FIRST].n)) for what, name in OUTCOMES.items()),
        picture="ranking",
        data=tuple((capitalized(name), given(after[what, _FIRST].n)) for what, name in OUTCOMES.items()),
        source=source(stayed),
    )


def sanctions_slide(about: About) -> Slide | None:
    """What municipalities and social assistance did: чл. 347 ЗПУО and чл. 7 ЗСПД."""
    figures = [about.figure(name) for name in _SANCTIONS]
    if not _may_be_told(about, figures):
        return None
    told = [of for of in figures if of.has_data]
    if not told:
        return new_slide("sanctions", "За санкциите и спрените помощи няма качени данни.")
    penalties, stopped = figures[2], figures[3]
    words = []
    if penalties.has_data:
        n = int(penalties.n or 0)
        words.append(f"{was('Издаден', n, 'постановление')} {number(n)} {_penal(n)}" if n else f"Няма {_penal(0)}")
    if stopped.has_data:
        n = int(stopped.n or 0)
        said = f"{was_inside('спрян', n, 'помощ') if words else was('Спрян', n, 'помощ')} {number(n)} {_family(n)}"
        words.append(said if n else ("няма спрени семейни помощи" if words else "Няма спрени семейни помощи"))
    return new_slide(
        "sanctions",
        ended(" и ".join(words) or f"Общините са получили {counted(int(told[0].n or 0), told[0].metric.unit)}"),
        **changes(about, told),
        picture="ranking",
        data=tuple((of.metric.name, given(of.n)) for of in told),
        source=source(told[0]),
    )


def _penal(n: int) -> str:
    return f"{'наказателно' if n == 1 else 'наказателни'} {noun(n or 2, 'постановление')}"


def _family(n: int) -> str:
    return f"{'семейна' if n == 1 else 'семейни'} {noun(n, 'помощ')}"


def _may_be_told(about: About, figures: list[Figure]) -> bool:
    """All of a slide's parts or none of it: what is left out would follow from the rest."""
    return all(about.disclosure.tells_alone(of.metric.id) for of in figures) and not any(map(about.is_small, figures))
