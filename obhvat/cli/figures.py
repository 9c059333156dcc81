"""The command that answers with a figure, as every screen shows it."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import Annotated, Any

import typer

from obhvat import door
from obhvat.cli.options import StoreOption
from obhvat.cli.terminal import say_clock
from obhvat.folders import store_path
from obhvat.texts import number


def figure(
    metric: Annotated[str | None, typer.Argument(help="Показател; без него – списък.", show_default=False)] = None,
    municipality: Annotated[str | None, typer.Option(help="Община.", show_default=False)] = None,
    school: Annotated[str | None, typer.Option(help="Код на институция.", show_default=False)] = None,
    period: Annotated[str | None, typer.Option(help="2023, 2023-I, 2023-лято, 2023-10.", show_default=False)] = None,
    day: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%d.%m.%Y"],
            help="Към този ден: как са стояли нещата тогава и какво е било станало дотогава.",
            show_default="последният ден на периода",
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S"],
            help="Както се е знаело на тази дата.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="За машина.")] = False,
    store: StoreOption = None,
) -> None:
    """Всеки показател на приложението с неговите n, N и определение."""
    if metric is None:
        _list_metrics(as_json)
        return
    # A day means what was known when it ended.
    known_at = datetime.combine(as_of, time.max) if as_of and as_of.time() == time.min else as_of
    wish = {
        "do": "figure",
        "metric": metric,
        "period": period,
        "municipality": municipality,
        "school": school,
        "day": day.date().isoformat() if day else None,
        "known_at": known_at.isoformat() if known_at else None,
    }
    answer = door.have(store_path(store), wish)
    say_clock(answer)
    print(json.dumps(answer, ensure_ascii=False, indent=1) if as_json else _in_words(answer))


def _list_metrics(as_json: bool) -> None:
    from obhvat.metrics import all_metrics

    if as_json:
        metrics = [{"metric": m.id, "name": m.name, "definition": m.definition} for m in all_metrics()]
        print(json.dumps(metrics, ensure_ascii=False, indent=1))
        return
    for metric in all_metrics():
        print(f"{metric.id:28} {metric.name}")


def _in_words(answer: dict[str, Any]) -> str:
    place = answer["municipality"] or answer["school"] or "областта"
    decimals = 2 if answer["kind"] == "ratio" else 0
    value = number(answer["value"], decimals)
    if answer["kind"] == "share" and answer["N"] is not None:
        value = f"{value} от {number(answer['N'])}"
    if answer["month"] and answer["value"] is None:
        value += f" за {answer['period_label']}"
    lines = [f"{answer['name']}, {place}, {answer['period_label']}: {value}"]
    if answer["forgotten_words"]:
        lines.append(answer["forgotten_words"])
    if told_for := answer["day_words"]:
        lines.append(f"{told_for[0].upper()}{told_for[1:]}")
    lines.append(answer["definition"])
    if answer["threshold"]:
        lines.append(f"Праг: {answer['threshold']}.")
    sent = answer["source_words"] or f"данни от 0 от {answer['places']}"
    if answer["doubled_words"]:
        lines.append(f"{answer['doubled_words'][0].upper()}{answer['doubled_words'][1:]}.")
    lines.append(f"{sent[0].upper()}{sent[1:]}. Източник: {answer['source']}.")
    return "\n".join(lines)
