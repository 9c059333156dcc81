"""Closing a meeting keeps its figures and slides as they were shown, and what they were counted from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import pandas as pd

from obhvat.disclosure import OBLAST, Audience, Disclosure
from obhvat.errors import ObhvatError
from obhvat.indicators.thresholds import difference, rules_of
from obhvat.language import BULGARIAN, N_, _, speaking
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.meetings import Meeting, meeting, opened
from obhvat.meeting.said import without_cases
from obhvat.meeting.slide import Slide, from_json, to_json
from obhvat.meeting.slides import slides
from obhvat.metrics import Metric, all_metrics, metric
from obhvat.people import Viewer
from obhvat.people.keeping import is_forgotten
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.store.entries import add_entry, add_row
from obhvat.texts import NO_DATA, number

AUDIENCES: tuple[Literal["members", "press"], ...] = ("members", "press")


@speaking(BULGARIAN)
def close_meeting(store: Store, meeting_id: int, viewer: Viewer, at: datetime | None = None) -> Meeting:
    """Close a meeting: in one transaction keep every metric's figures of the oblast and of each municipality, the
    slides for members and for the press, and the stamp: moment, thresholds version, current batches.

    Raises ObhvatError for a closed meeting, UnknownName for none.
    """
    viewer.must("meeting")
    at = at or store.now()
    # Writers wait for one another: nothing is committed between the figures and their stamp.
    with store.writing():
        closing = opened(store, meeting_id)
        rows = _figures(store, closing, at, all_metrics())
        shown = {audience: slides(store, closing, audience, at) for audience in AUDIENCES}
        _keep(store, closing, rows, shown, viewer, at)
    return replace(closing, closed_at=at)


def _keep(
    store: Store,
    closing: Meeting,
    rows: pd.DataFrame,
    shown: Mapping[Literal["members", "press"], Sequence[Slide]],
    viewer: Viewer,
    at: datetime,
) -> None:
    with store.transaction() as cursor:
        key = {"entry_id": add_entry(cursor, "closing", viewer.person, at), "meeting_id": closing.meeting_id}
        version = rules_of(store, at).version
        batches = [batch_id for (batch_id,) in store.rows(read_sql("meeting/sql/live_batches.sql"), {"known_at": at})]
        stamp = {"known_at": at, "thresholds_version": version, "batches": batches}
        add_row(cursor, "frozen_stamps", {**key, **stamp})
        cursor.register("incoming", rows.assign(**key))
        cursor.execute("insert into frozen_figures by name select * from incoming").fetchall()
        cursor.unregister("incoming")
        for audience, in_order in shown.items():
            for place, slide in enumerate(in_order):
                row = {"audience": audience, "place": place, "slide": to_json(slide)}
                add_row(cursor, "frozen_slides", {**key, **row})


def _figures(store: Store, of: Meeting, known_at: datetime, metrics: Iterable[Metric]) -> pd.DataFrame:
    """The metrics of the oblast and of each municipality: the columns of `frozen` without the name."""
    rows = []
    for counted in metrics:
        whole = meeting_figure(store, counted.id, of, known_at)
        parts = whole.parts("municipality")
        for place, part in {**parts, OBLAST: whole}.items():
            numbers = (part.value, part.n, part.d)
            rows.append((counted.id, of.period.key, place, *numbers, part.reporting, part.places))
    columns = ["metric", "period", "municipality", "value", "n", "d", "reporting", "places"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("value", "n", "d"), "float64"))


def frozen(store: Store, meeting_id: int) -> pd.DataFrame:
    """The figures of a closed meeting: metric, name, period, municipality ('' is the oblast), value, n, d, reporting,
    places. A value that was not known is missing. For inside: small numbers are not hidden. Empty while it is open."""
    rows = store.read(read_sql("meeting/sql/frozen.sql"), {"known_at": datetime.max, "meeting_id": meeting_id})
    order = {counted.id: n for n, counted in enumerate(all_metrics())}
    rows = rows[rows["metric"].isin(order)].sort_values(
        ["metric", "municipality"], key=lambda c: c.map(order) if c.name == "metric" else c, ignore_index=True
    )
    rows.insert(1, "name", [metric(metric_id).name for metric_id in rows["metric"]])
    return rows


def frozen_slides(store: Store, meeting_id: int, audience: Literal["members", "press"]) -> list[Slide]:
    """The slides of a closed meeting as they were shown to an audience; none while it is open."""
    rows = store.rows(
        read_sql("meeting/sql/frozen_slides.sql"),
        {"known_at": datetime.max, "meeting_id": meeting_id, "audience": audience},
    )
    return [from_json(slide) for (slide,) in rows]


@speaking(BULGARIAN)
def shown_slides(store: Store, of: Meeting, audience: Literal["members", "press"]) -> list[Slide]:
    """The slides to show: of a closed meeting as they were, of an open one from the live figures."""
    now = store.now()
    # A key on the projector asks for all of them again.
    return store.kept(
        ("slides", of, audience),
        now,
        lambda: frozen_slides(store, of.meeting_id, audience) if of.is_closed else slides(store, of, audience),
    )


def stamp_of(store: Store, meeting_id: int) -> tuple[datetime, int, frozenset[int]] | None:
    """What a closed meeting was counted from: moment, thresholds version, numbers of the batches; None while open."""
    for known_at, version, batches in store.rows(
        """
        select frozen_stamps.known_at, frozen_stamps.thresholds_version, frozen_stamps.batches
        from frozen_stamps
        join live_entries($known_at) as live on live.entry_id = frozen_stamps.entry_id
        where frozen_stamps.meeting_id = $meeting_id
        """,
        {"known_at": datetime.max, "meeting_id": meeting_id},
    ):
        return known_at, version, frozenset(batches)
    return None


def changed_since(
    store: Store, meeting_id: int, audience: Audience = "members", known_at: datetime | None = None
) -> pd.DataFrame:
    """Figures of a closed meeting that are others now, counted again for the same period: metric, name, municipality
    ('' is the oblast), then, now (missing when not known), words.

    Only what was frozen is compared: a figure that the program did not know yet has not changed. Of one that the
    program would count otherwise also from what was known at the closing, the words say so. Small numbers of
    children, then or now, are left out for members; the press sees the oblast only, and of cases those in work. What
    caused the changes is said by `causes`. Raises ObhvatError while the meeting is open.
    """
    of, stamp = meeting(store, meeting_id), stamp_of(store, meeting_id)
    if stamp is None:
        raise ObhvatError(_("Заседанието е още отворено: няма запазени числа, с които да се сравни."))
    if is_forgotten(store, of.period):
        # Of what was deleted nothing can be counted again: what was frozen is what there is.
        return pd.DataFrame(columns=["metric", "name", "municipality", "then", "now", "words"])
    known_at = known_at or store.now()
    then = frozen(store, meeting_id)
    metrics = [metric(metric_id) for metric_id in then["metric"].unique()]
    now = _figures(store, of, known_at, metrics)
    both = then.merge(now, on=["metric", "municipality"], how="outer", suffixes=("", "_now"))
    both = both.sort_values("municipality")[["metric", "municipality", "value", "value_now", "n", "n_now"]]
    of_metrics: dict[str, list[tuple[Any, ...]]] = {}
    for metric_id, *of_place in both.itertuples(index=False, name=None):
        of_metrics.setdefault(metric_id, []).append(tuple(of_place))
    disclosure = Disclosure(store, audience)
    rows = []
    for changed in metrics:
        places = of_metrics[changed.id]
        differ = [
            (place, _known(value), _known(value_now))
            for place, value, value_now, *_unused in places
            if not _same(_known(value), _known(value_now))
        ]
        if not differ:
            continue
        figures = [meeting_figure(store, changed.id, of, moment) for moment in (stamp[0], known_at)]
        parts = ({place: _whole(numbers[column]) for place, *numbers in places} for column in (2, 3))
        hidden = disclosure.hidden_changes(changed, *parts, figures)
        told = [(place, was, value) for place, was, value in differ if place not in hidden]
        # As the program counts today what was known at the closing.
        again = _values(_figures(store, of, stamp[0], [changed])) if told else {}
        for place, was, value in told:
            words = f"{_words(was, changed.kind)} → {_words(value, changed.kind)}"
            if not _same(was, again.get(place)):
                words += _("; определението е сменено, данните са броени по новото")
            rows.append((changed.id, changed.name, place, was, value, words))
    return pd.DataFrame(rows, columns=["metric", "name", "municipality", "then", "now", "words"])


def _values(rows: pd.DataFrame) -> dict[str, float | None]:
    """Of a metric, value by place."""
    return dict(zip(rows["municipality"], map(_known, rows["value"]), strict=True))


def _whole(n: float) -> int | None:
    return None if pd.isna(n) else int(n)


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _same(a: float | None, b: float | None) -> bool:
    return a == b if a is None or b is None else abs(a - b) < 1e-9


def _words(value: float | None, kind: str) -> str:
    return _(NO_DATA) if value is None else number(value, 2 if kind == "ratio" else 0)


_CAUSES = {
    "recorded": N_("качен е файл „{name}“"),
    "undo": N_("върнато е качването на „{name}“"),
    "redo": N_("отново важи качването на „{name}“"),
    "entered": N_("въведени тук по случаи: {n}"),
}


def causes(store: Store, meeting_id: int, known_at: datetime | None = None) -> pd.DataFrame:
    """What was sent, undone, set and entered after a meeting was closed, oldest first: at, what, who.

    What is entered of cases is counted by day and kind, without saying of which case.
    """
    stamp = stamp_of(store, meeting_id)
    if stamp is None:
        return pd.DataFrame(columns=["at", "what", "who"])
    asked = {"since": stamp[0], "known_at": known_at or store.now()}
    rows = [
        (at, _(_CAUSES[what]).format(name=without_cases(store, name), n=n), who)
        for at, what, name, n, who in store.rows(read_sql("meeting/sql/causes.sql"), asked)
    ]
    before, now = rules_of(store, stamp[0]), rules_of(store, asked["known_at"])
    if now.version != stamp[1] and now.since:
        changes = [words for rule in now.rules if (words := difference(before[rule.id], rule))]
        what = _("прагове, версия {version} вместо {before}").format(version=now.version, before=stamp[1])
        rows.append((now.since, f"{what}: {'; '.join(changes)}" if changes else what, now.by))
    return pd.DataFrame(sorted(rows), columns=["at", "what", "who"])
