"""What a command may wish of a store, whoever has it open: what is asked and what is answered go as JSON."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from obhvat.errors import ObhvatError, StoreUnusable

if TYPE_CHECKING:
    from obhvat.store import Store

Wish = dict[str, Any]
Opening = Callable[[bool], AbstractContextManager["Store"]]
"""Opens the store, or makes it when it is told to and there is none."""
Telling = Callable[[str], AbstractContextManager[Callable[[int, int], None] | None]]
"""By what is being done, whom to tell how much of it is done: (done, of how many)."""


def quietly(_: str) -> AbstractContextManager[None]:
    """Nobody waits to be told."""
    return contextlib.nullcontext()


def fulfil(path: Path, opening: Opening, wish: Wish, telling: Telling = quietly) -> dict[str, Any]:
    """Do what a command wishes of the store at a path. `clock` in the answer is said, when there is one.

    Raises ObhvatError, and ValueError for what is no period.
    """
    match wish["do"]:
        case "stop":
            return _stop()
        case "restore":
            return _restore(path, opening, Path(wish["path"]))
        case "since-copy":
            return _since_copy(path, opening, Path(wish["path"]))
        case "audit":
            from obhvat.door.looks import audit

            return audit(path, wish)
        case "audit-verify":
            from obhvat.door.looks import verified

            return verified(path, opening)
        case "check":
            from obhvat.door.files import check

            with opening(False) if path.exists() else contextlib.nullcontext() as store:
                return check(store, wish, telling)
    doing = _WISHES.get(wish["do"])
    if doing is None:
        raise ObhvatError(f"Не разбирам „{wish['do']}“.")
    # On a fresh machine the first person is added, or the first oblast, before anything is uploaded.
    creates = wish["do"] == "import" or (wish["do"], wish.get("act")) in (("people", "add"), ("country", "trust"))
    with opening(creates) as store:
        answer = doing(store, wish, telling)
        if recorded := store.recorded_ahead():
            from obhvat.store.trouble import clock_is_behind

            answer["clock"] = clock_is_behind(recorded)
    return answer


def answer(path: Path, opening: Opening, wish: Wish) -> dict[str, Any]:
    """As `fulfil`, with what was refused as a Bulgarian sentence and an exit code."""
    from obhvat.store.trouble import in_one_sentence

    try:
        return fulfil(path, opening, wish)
    except Exception as error:
        refused = in_one_sentence(error)
        if refused is None:
            raise
        sentence, code = refused
        return {"error": sentence, "code": code}


def _stop() -> dict[str, Any]:
    """Stop this process as Ctrl+C does, once its answer has left."""
    threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
    return {}


def _figure(store: Store, wish: Wish, _: Telling) -> dict[str, Any]:
    """A figure with its n, N and definition. Raises UnknownName, and ValueError for what is no period."""
    from obhvat.metrics import answer_as_json
    from obhvat.periods import parse_period
    from obhvat.scope import Scope

    known_at = wish.get("known_at")
    moment = datetime.fromisoformat(known_at) if known_at else (store.now() if store.recorded_ahead() else None)
    scope = Scope(wish.get("municipality"), wish.get("school"), moment)
    period = parse_period(wish["period"]) if wish.get("period") else None
    day = date.fromisoformat(wish["day"]) if wish.get("day") else None
    return answer_as_json(store, wish["metric"], period, scope, day)


def _backup(store: Store, wish: Wish, _: Telling) -> dict[str, Any]:
    from obhvat.people import ALONE
    from obhvat.people.log import looked
    from obhvat.store.backup import backup

    looked(store, ALONE, "copy")
    return {"path": str(backup(store, Path(wish["path"])))}


def _check_store(store: Store, _: Wish, __: Telling) -> dict[str, Any]:
    from obhvat.store.sound import check

    return {"rows": check(store)}


def _restore(path: Path, opening: Opening, copy: Path) -> dict[str, Any]:
    from obhvat.people import ALONE
    from obhvat.people.log import looked
    from obhvat.store.backup import restore, restore_closed

    with contextlib.ExitStack() as opened:
        try:
            store = opened.enter_context(opening(False))
        except StoreUnusable:
            # There is no store, or it is damaged: that is what copies are for.
            kept = restore_closed(path, copy)
        else:
            looked(store, ALONE, "restore")
            kept = restore(store, copy)
    return {"kept": str(kept) if kept else None}


def _since_copy(path: Path, opening: Opening, copy: Path) -> dict[str, Any]:
    """What goes out of view when a copy takes the place of the store, in words; none when nothing does."""
    from obhvat.store.since_copy import since_copy

    if not path.exists():
        return {"words": ""}
    with contextlib.ExitStack() as opened:
        try:
            store = opened.enter_context(opening(False))
        except StoreUnusable:
            return {"words": "Сегашната база не се отваря, затова не се знае какво е записано в нея след копието."}
        return {"words": since_copy(store, copy)}


def _import(store: Store, wish: Wish, telling: Telling) -> dict[str, Any]:
    from obhvat.door.files import record

    return record(store, wish, telling)


def _history(store: Store, wish: Wish, _: Telling) -> dict[str, Any]:
    from obhvat.country import DATASET
    from obhvat.datasets import dataset
    from obhvat.store.history import STATES, history

    newest = history(store).head(wish["limit"])
    return {
        "files": [
            {
                "batch": int(row["batch_id"]),
                "at": row["committed_at"].isoformat(),
                "name": row["file_name"],
                "what": "Числа на област" if row["dataset"] == DATASET else dataset(row["dataset"]).title,
                "state": STATES[row["state"]],
            }
            for row in newest.to_dict("records")
        ]
    }


def _undo(store: Store, wish: Wish, _: Telling) -> dict[str, Any]:
    from obhvat.ingest.undoing import mark
    from obhvat.people.account import alone
    from obhvat.store.history import history

    mark(store, alone(), wish["batches"], wish["do"])
    files = history(store)
    named = files[files["batch_id"].isin(wish["batches"])]
    return {"names": named["file_name"].tolist()}


def _people(store: Store, wish: Wish, _: Telling) -> dict[str, Any]:
    from obhvat.door.people import fulfil as of_people

    return of_people(store, wish)


def _figures(store: Store, wish: Wish, _: Telling) -> dict[str, Any]:
    from obhvat.door.country import figures

    return figures(store, wish)


def _country(store: Store, wish: Wish, _: Telling) -> dict[str, Any]:
    from obhvat.door.country import country

    return country(store, wish)


def _due(store: Store, _: Wish, __: Telling) -> dict[str, Any]:
    """What is kept beyond its term, what will be within a year, and which copies hold it."""
    from obhvat.people.forgetting import due, due_within_a_year
    from obhvat.people.keeping import held_by

    today = date.today()
    return {
        "due": [thing.as_json() for thing in due(store, today)],
        "next": [thing.as_json() for thing in due_within_a_year(store, today)],
        "copies": held_by(store),
    }


def _forget(store: Store, _: Wish, __: Telling) -> dict[str, Any]:
    from obhvat.metrics.forgetting import forget_due
    from obhvat.people.account import alone
    from obhvat.reports.forgotten import protocol_text

    protocol = forget_due(store, alone())
    return {
        "protocol": protocol_text(protocol) if protocol else None,
        "left": store.is_unclean,
    }


_WISHES: dict[str, Callable[[Any, Wish, Telling], dict[str, Any]]] = {
    "figure": _figure,
    "backup": _backup,
    "check-store": _check_store,
    "import": _import,
    "history": _history,
    "undo": _undo,
    "redo": _undo,
    "people": _people,
    "figures": _figures,
    "country": _country,
    "due": _due,
    "forget": _forget,
}
