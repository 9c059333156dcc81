"""Commands of the register of people: who has which right, since when, and who gave it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from obhvat import door
from obhvat.cli.options import StoreOption
from obhvat.folders import store_path
from obhvat.texts import day as day_words
from obhvat.texts import moment

app = typer.Typer(
    help="Регистър на хората: кой какво право има, откога и кой го е дал. Който е в него, влиза с парола или със "
    "служебния си адрес, когато програмата е пусната с „obhvat serve --together“; сам на своя компютър никой не влиза."
)

_DAY = ["%Y-%m-%d", "%d.%m.%Y"]
_Name = Annotated[str, typer.Argument(help="Име за влизане: име, длъжност или служебен адрес.", show_default=False)]
_Role = Annotated[
    str,
    typer.Option(
        "--role",
        help="expert, secretary, governor, coordinator, institution, school, administrator или press; или името ѝ.",
        show_default=False,
    ),
]
_Given = Annotated[
    str, typer.Option("--for", help="Община, код на училище или институция, ако ролята е за една.", show_default=False)
]
_Since = Annotated[datetime | None, typer.Option("--since", formats=_DAY, help="От кой ден.", show_default="днес")]


@app.command("list")
def list_(
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=_DAY, help="Правата в края на този ден.", show_default="днес"),
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="Всички промени, най-новите първи.")] = False,
    store: StoreOption = None,
) -> None:
    """Кой е в регистъра и какво право има – днес или в минал ден."""
    if history:
        for change in _asked(store, "history")["changes"]:
            verb = "получава" if change["has"] else "вече няма"
            at = moment(datetime.fromisoformat(change["entered_at"]))
            since = day_words(datetime.fromisoformat(change["since"]).date())
            print(f"{at}, {change['entered_by']}: „{change['person']}“ {verb} {_right(change)} от {since}")
        return
    answer = _asked(store, "list", day=on.date().isoformat() if on else None)
    if not answer["people"]:
        print(
            f"До {day_words(on.date())} в регистъра е нямало никого."
            if on
            else "В регистъра още няма никого. Добавете с „obhvat people add“."
        )
    for person in answer["people"]:
        rights = [_right(right) + _between(right) for right in person["rights"]]
        seen = f", последно {moment(datetime.fromisoformat(person['seen_at']))}" if person["seen_at"] else ""
        way = f" (влиза с {person['signs_in']}{seen})" if person["signs_in"] else " (още не може да влезе)"
        print(f"{person['name']}: {'; '.join(rights) or 'без право'}{way if rights else ''}")


@app.command()
def add(
    name: _Name,
    role: _Role,
    given: _Given = "",
    since: _Since = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=_DAY, help="Последният ден.", show_default="без край")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Добавя човек или му дава още едно право."""
    kept = _asked(store, "add", name=name, role=role, given=given, since=_day(since), until=_day(until))
    print(f"„{kept['name']}“ има право: {_right(kept)}.")


@app.command()
def change(
    name: _Name,
    role: _Role,
    given: _Given = "",
    was: Annotated[
        str | None, typer.Option("--instead-of", help="Коя роля се сменя, ако има няколко.", show_default=False)
    ] = None,
    since: _Since = None,
    store: StoreOption = None,
) -> None:
    """Сменя едно право с друго."""
    wish = {"name": name, "role": role, "given": given, "was": was, "option": "--instead-of", "since": _day(since)}
    kept = _asked(store, "change", **wish)
    print(f"„{kept['name']}“ има право: {_right(kept)}.")


@app.command()
def end(
    name: _Name,
    role: Annotated[str | None, typer.Option("--role", help="Коя роля, ако има няколко.", show_default=False)] = None,
    since: _Since = None,
    store: StoreOption = None,
) -> None:
    """Прекратява право. Човекът остава в историята."""
    ended = _asked(store, "end", name=name, was=role, option="--role", since=_day(since))
    print(f"„{ended['name']}“ вече няма право: {_right(ended)}.")


@app.command()
def password(name: _Name, store: StoreOption = None) -> None:
    """Прави еднократна парола и я показва само сега. При първото влизане човекът избира своя."""
    made = _asked(store, "password", name=name)
    print(f"Еднократна парола на „{name}“: {made['password']}")
    print("Показва се само сега и важи 7 дни. Предайте я лично; с нея се избира своя парола.")


@app.command()
def address(
    name: _Name,
    address: Annotated[str, typer.Argument(help="Служебният електронен адрес; празно го маха.", show_default=False)],
    store: StoreOption = None,
) -> None:
    """Записва с кой адрес човекът влиза през доставчик на самоличност."""
    _asked(store, "address", name=name, address=address)
    print(f"„{name}“ влиза с адрес „{address}“." if address else f"„{name}“ вече не влиза с адрес.")


def _asked(store: Any, act: str, **wish: Any) -> dict[str, Any]:
    return door.have(store_path(store), {"do": "people", "act": act, **wish})


def _day(of: datetime | None) -> str | None:
    return of.date().isoformat() if of else None


def _right(right: dict[str, Any]) -> str:
    return f"{right['role']} – {right['given']}" if right["given"] else right["role"]


def _between(right: dict[str, Any]) -> str:
    """„ от 01.03.2024 г. до 13.03.2024 г.“"""
    since, until = (day_words(date.fromisoformat(right[day])) if right[day] else "" for day in ("since", "until"))
    return f" от {since}" + (f" до {until}" if until else "")
