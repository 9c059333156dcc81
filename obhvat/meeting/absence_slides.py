"""Slides of absences: pupils over the monthly threshold, and who has sent what."""

from __future__ import annotations

from dataclasses import replace

from obhvat.disclosure import FEW, Disclosure
from obhvat.meeting.figure_slides import About, at_most, given, new_slide, source
from obhvat.meeting.slide import MOST_ROWS, Slide
from obhvat.metrics import TO_DO, Figure, series, submission_months
from obhvat.periods import Period, month_period, school_year_of, short_month_name
from obhvat.scope import names_of
from obhvat.texts import ended, noun, number, out_of

_LACKS = {
    "missing": "не са подадени",
    "doubled": "изглеждат удвоени",
    "zeros": "нито един неизвинен час",
    "unsigned": "не са подписани",
}
SENT = {**_LACKS, "sent": "подадени"}
"""How it is told what was sent of a month: state → words."""
_MOST_MONTHS = 6


def risk_slide(about: About) -> Slide:
    """Pupils who reached the monthly threshold: for members by municipality, small numbers hidden; for the press by
    month."""
    over = about.figure("pupils_over_threshold")
    if over.n is None:
        return new_slide("risk", "За отсъствията няма качени данни.")
    if about.is_small(over):
        return new_slide("risk", f"Учениците, достигнали месечния праг, са {about.few}.", source=source(over))
    verb, hours = "има" if over.n == 1 else "имат", over.metric.unexcused_words
    of = f" от {number(over.d)}" if over.d else ""
    told = new_slide(
        "risk",
        ended(f"{number(over.n)}{of} {noun(over.d or over.n, 'ученик')} {verb} {hours} за {over.period_words}"),
        figure=number(over.n),
        figure_note=f"{noun(over.n, 'ученик')} с {hours}",
        change=about.since(over),
        source=source(over),
    )
    return _by_month(told, over, about.disclosure) if about.is_press else _by_municipality(told, over, about.disclosure)


def _by_municipality(told: Slide, over: Figure, disclosure: Disclosure) -> Slide:
    shown = disclosure.counts(over)
    parts = over.by("municipality").set_index("municipality")
    # By how many pupils they have: a place among the others by what is hidden would say how many they are.
    ordered = sorted(shown, key=lambda place: (-(given(parts.at[place, "d"]) or 0), place))
    rows = [(place, shown[place].text, number(given(parts.at[place, "d"]))) for place in ordered]
    if not over.d:
        # Of how many nobody knows: there is no share.
        return replace(
            told,
            columns=("Община", "Достигнали прага"),
            rows=at_most([row[:2] for row in rows]),
            picture="ranking",
            data=tuple((place, given(shown[place].value)) for place in ordered),
        )
    months = disclosure.months(over)
    months = months[months["d"].fillna(0) > 0]
    return replace(
        told,
        columns=("Община", "Достигнали прага", "Ученици по списък"),
        rows=(*at_most(rows, MOST_ROWS - 1), ("Общо", number(over.n), number(over.d))),
        picture="ranges",
        data=tuple((place, given(shown[place].value), given(parts.at[place, "d"])) for place in ordered),
        whole=(given(over.n), given(over.d)),
        trend=tuple(
            (f"{month:%m.%Y}", given(n), given(d))
            for month, n, d in months[["month", "n", "d"]].itertuples(index=False, name=None)
        ),
    )


def _by_month(told: Slide, over: Figure, disclosure: Disclosure) -> Slide:
    months = series(over)
    months = months[~months["month"].dt.month.isin((7, 8)) | (months["reporting"] > 0)]
    rows: list[tuple[str, str]] = []
    data: list[tuple[str, float | None]] = []
    for month, n in zip(months["month"], months["n"], strict=True):
        shown = disclosure.count(given(n))
        rows.append((f"{month:%m.%Y}", FEW if shown.is_hidden else shown.text))
        data.append((f"{month:%m.%Y}", shown.value))
    return replace(told, columns=("Месец", "Ученици"), rows=at_most(rows), picture="trend", data=tuple(data))


def _gravity(state: str) -> int:
    """The gravest is 0: of two states in a month it is the one that is told."""
    return TO_DO.index(state) if state in TO_DO else len(TO_DO)


def _state_words(state: object) -> str:
    """What was sent of a month; empty where nothing was to be sent."""
    return "" if state is None or state == "ahead" else SENT.get(str(state), SENT["sent"])


def submissions_slide(about: About) -> Slide:
    """Who has sent the absences of the newest month, and for members what is still missing."""
    schools, nurseries = about.figure("submissions"), about.figure("kindergarten_submissions")
    if schools.n is None or schools.month is None:
        return new_slide("submissions", "За подадените отсъствия няма качени данни.")
    n, of = int(schools.n), int(schools.d or 0)
    year = submission_months(about.store, Period(school_year_of(schools.month), "year"), about.scope)
    year = year[year["month"].dt.date <= schools.month]
    states = submission_months(about.store, month_period(schools.month), about.scope)
    lacking = states[states["state"].isin(TO_DO)]
    names = names_of(states.rename(columns={"school": "code"}))
    lacking = lacking.assign(name=lacking["school"].map(names), order=lacking["state"].map(TO_DO.index))
    lacking = lacking.sort_values(["order", "municipality", "name"])
    months = sorted(year["month"].unique())[-_MOST_MONTHS:]
    year = year.sort_values("state", key=lambda states: states.map(_gravity), ascending=False, kind="stable")
    sent = {(school, month): state for school, month, state in year[["school", "month", "state"]].to_numpy().tolist()}
    rows = [
        (
            str(row["name"]),
            str(row["municipality"]),
            *(_state_words(sent.get((row["school"], month))) for month in months),
            _LACKS[row["state"]],
        )
        for _, row in lacking.iterrows()
    ]
    named = bool(rows) and not about.is_press
    also, verb = "", "е подало" if n == 1 else "са подали"
    if nurseries.n is not None:
        verb = "са подали"
        also = f" и {out_of(nurseries.n, nurseries.d or 0, 'детска градина')}"
    return new_slide(
        "submissions",
        ended(f"{out_of(n, of, 'училище')}{also} {verb} отсъствията за {schools.period_words}"),
        figure=out_of(n, of),
        figure_note=f"{noun(of, 'училище')}, подали отсъствията",
        change=about.since(schools),
        columns=("Институция", "Община", *(short_month_name(month.month) for month in months), "Забележка")
        if named
        else (),
        rows=at_most(rows) if named else (),
        picture="share" if about.is_press else "sent",
        data=(("подали", float(n)), ("не са подали", float(of - n)))
        if about.is_press
        else tuple(
            (noun(each.d or 0, name), given(each.n), given(each.d))
            for each, name in ((schools, "училище"), (nurseries, "детска градина"))
            if each.n is not None
        ),
        source=source(schools),
    )
