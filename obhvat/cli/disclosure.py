"""The command that attacks what an audience may see, so that anyone can check that no child can be computed."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from obhvat.cli.options import StoreOption
from obhvat.folders import store_path
from obhvat.texts import counted, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from obhvat.attack import Attack, Cell, Row

_HOW = {"shown": "показани", "band": "с граници", "hidden": "скрити"}


class Own(StrEnum):
    """What of the oblast the one who looks has, and knows all of."""

    MUNICIPALITY = "municipality"
    SCHOOL = "school"


class Audience(StrEnum):
    """Whom numbers may be hidden from."""

    MEMBERS = "members"
    PRESS = "press"


def disclosure(
    audience: Annotated[Audience, typer.Option(help="Кого играе нападателят: членовете или пресата.")],
    equations: Annotated[bool, typer.Option("--equations", help="Изброява и всичко, което се знае.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="За машина.")] = False,
    own: Annotated[
        Own | None, typer.Option(help="Нападателят е от една община или едно училище и знае всичко за тях.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Може ли от показаното да се изчисли скрито число на деца.

    Събира всичко, което гледащият може да види за всички периоди, места и дни, и от закритите заседания, записва го
    като равенства и граници и търси най-малката и най-голямата възможна стойност на всяко скрито число от 1 до 4.
    Изходен код 1: някое може да е само едно.
    """
    from obhvat.attack import attack, attack_from_within
    from obhvat.store import Store

    if own and audience is not Audience.MEMBERS:
        raise typer.BadParameter("„--own“ е за членовете.")
    with Store(store_path(store), create=False) as opened:
        if own:
            within = attack_from_within(opened, own.value)
            print(_from_within(within, own, as_json=as_json))
            raise typer.Exit(int(any(made.narrowed for made in within.values())))
        made = attack(opened, audience.value)
    if as_json:
        print(json.dumps(_as_json(made, equations), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_in_words(made, equations)))
    if made.narrowed:
        raise typer.Exit(1)


def _from_within(within: Mapping[str, Attack], own: Own, *, as_json: bool) -> str:
    """Of each who has a place: how many small numbers of others there are, and how many can be only one."""
    if as_json:
        answer = {place: {"small": len(of.small), "narrowed_to_one": len(of.narrowed)} for place, of in within.items()}
        return json.dumps(answer, ensure_ascii=False, indent=1)
    whose = "общината" if own is Own.MUNICIPALITY else "училището"
    small, narrowed = (sum(len(getattr(of, name)) for of in within.values()) for name in ("small", "narrowed"))
    lines = [
        f"{place}: чужди числа от 1 до 4: {number(len(of.small))}; могат да са само едно: {number(len(of.narrowed))}."
        for place, of in within.items()
    ]
    return "\n".join(
        [*lines, f"Общо за който знае своето от {whose}: {number(small)}; могат да са само едно: {number(narrowed)}."]
    )


def _as_json(made: Attack, equations: bool) -> dict[str, Any]:
    counts = made.counts()
    answer: dict[str, Any] = {
        "audience": made.audience,
        "cells": sum(sum(of.values()) for of in counts.values()),
        "shown": sum(of["shown"] for of in counts.values()),
        "bands": sum(of["band"] for of in counts.values()),
        "hidden": sum(of["hidden"] for of in counts.values()),
        "small": len(made.small),
        "equations": len(made.known),
        "narrowed_to_one": len(made.narrowed),
        "narrowest": None,
        "metrics": {name: {how: of[how] for how in _HOW} for name, of in counts.items()},
    }
    if made.narrowest:
        cell, (low, high) = made.narrowest
        answer["narrowest"] = {
            "metric": cell.metric,
            "municipality": cell.municipality,
            "school": cell.school,
            "time": _time(cell),
            "known_at": cell.known_at or None,
            "low": low,
            "high": high,
        }
    if equations:
        answer["known"] = [{"equation": _equation(row), "why": row.why} for row in made.known]
    return answer


def _in_words(made: Attack, equations: bool) -> list[str]:
    whom = "Членовете" if made.audience == "members" else "Пресата"
    counts = made.counts()
    total = {how: sum(of[how] for of in counts.values()) for how in _HOW}
    where = "под областта" if made.audience == "members" else "на областта"
    lines = [
        f"{whom}: {number(sum(total.values()))} числа на деца {where}, "
        f"от тях {', '.join(f'{name} {number(total[how])}' for how, name in _HOW.items())}.",
        "",
        f"{'Показател':44}{'показани':>10}{'с граници':>11}{'скрити':>9}",
    ]
    for name, of in counts.items():
        lines.append(f"{_name(name)[:43]:44}{of['shown']:>10}{of['band']:>11}{of['hidden']:>9}")
    lines += ["", f"Знаят се {number(len(made.known))} равенства и граници."]
    if equations:
        lines += [f"  {_equation(row)}  ({row.why})" for row in made.known]
    lines.append(
        f"Числа от 1 до 4, които не са за {whom.lower()}: {number(len(made.small))}; "
        f"могат да са само едно: {number(len(made.narrowed))}."
    )
    if made.narrowest:
        cell, (low, high) = made.narrowest
        values = "само една стойност" if low == high else f"{counted(high - low + 1, 'стойност')}, от {low} до {high}"
        lines.append(f"Най-тясно: {_cell(cell)} – {values}.")
    return lines


def _equation(row: Row) -> str:
    whole, parts = [c for c, sign in row.terms if sign < 0], [c for c, sign in row.terms if sign > 0]
    left = " + ".join(map(_cell, parts))
    if whole:
        sign = "=" if row.low == row.high else "≥"
        more = f" + {row.low}" if row.low > 0 else f" − {-row.low}" if row.low < 0 else ""
        return f"{left} {sign} {' + '.join(map(_cell, whole))}{more}"
    return f"{left} = {row.low}" if row.low == row.high else f"{row.low} ≤ {left} ≤ {row.high}"


def _cell(cell: Cell) -> str:
    place = cell.school or cell.municipality or ("областта" if cell.municipality is None else "без община")
    then = f", както на {cell.known_at}" if cell.known_at else ""
    return f"[{_name(cell.metric)}, {place}, {_time(cell)}{then}]"


def _time(cell: Cell) -> str:
    return " към ".join(map(str, cell.time)) if isinstance(cell.time, tuple) else str(cell.time)


def _name(metric_id: str) -> str:
    from obhvat.errors import UnknownName
    from obhvat.metrics import metric

    try:
        return metric(metric_id).name
    except UnknownName:
        return {"together": "Други изходи заедно", "unknown": "Непознат статус"}.get(metric_id, metric_id)
