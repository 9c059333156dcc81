"""Commands of the register of people: who has which right, since when, and who gave it."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated, Any

import typer

from obhvat import door
from obhvat.cli.options import StoreOption, store_path
from obhvat.errors import ObhvatError
from obhvat.texts import day as day_words
from obhvat.texts import moment

app = typer.Typer(
    help="Регистър на хората: кой какво право има, откога и кой го е дал. Програмата засега се отваря без вход: "
    "записаното отговаря кой до какво има достъп, но не го ограничава."
)

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
_Since = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d", "%d.%m.%Y"], help="От кой ден.", show_default="днес"),
]


@app.command("list")
def list_(
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d", "%d.%m.%Y"], help="Правата в края на този ден.", show_default="днес"),
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
        rights = [
            f"{_right(right)} от {day_words(datetime.fromisoformat(right['since']).date())}"
            for right in person["rights"]
        ]
        print(f"{person['name']}: {'; '.join(rights) or 'без право'}")


@app.command()
def add(name: _Name, role: _Role, given: _Given = "", since: _Since = None, store: StoreOption = None) -> None:
    """Добавя човек или му дава още едно право."""
    kept = _asked(store, "add", name=name, role=role, given=given, since=_day(since))
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


# Until people sign in nobody is asked for a password.
@app.command(hidden=True)
def password(name: _Name, store: StoreOption = None) -> None:
    """Задава парола за влизане. Пише се скрито, два пъти, и никога в самата команда."""
    from obhvat.people.secret import hashed
    from obhvat.people.signing_in import refuse_easy
    from obhvat.store.pseudonyms import read_key

    path = store_path(store)
    key = read_key(path)
    if key is None:
        raise ObhvatError(f"Няма база „{path}“.")
    typed = typer.prompt("Парола", hide_input=True, err=not sys.stdout.isatty())
    refuse_easy(typed, name)
    if typer.prompt("Още веднъж", hide_input=True, err=not sys.stdout.isatty()) != typed:
        raise ObhvatError("Двата пъти паролата е различна; нищо не е променено.")
    _asked(store, "password", name=name, kept=hashed(typed, key))
    print(f"Паролата на „{name}“ е сменена.")


def _asked(store: Any, act: str, **wish: Any) -> dict[str, Any]:
    return door.have(store_path(store), {"do": "people", "act": act, **wish})


def _day(since: datetime | None) -> str | None:
    return since.date().isoformat() if since else None


def _right(right: dict[str, Any]) -> str:
    return f"{right['role']} – {right['given']}" if right["given"] else right["role"]
