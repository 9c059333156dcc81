"""What a person types must not name anyone: the same eye that reads files, and phones and addresses of e-mail."""

from __future__ import annotations

import re
from functools import cache

import duckdb

from obhvat.errors import ObhvatError
from obhvat.resources import read_sql

_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
# Digits that are written in groups: 0888 123 456, (076) 60-12-34, 120101 1234.
_RUN = re.compile(r"(?:\+|\b\d|\(\d)(?:[\s()/.-]*\d)+")
_MAIL = re.compile(r"\S@\S")
# A school is called after people: СУ „Петко Рачов Славейков“. Only in quotation marks, after what it is.
_SCHOOL_WORD = r"(?:\b[А-Я]{2,7}|(?:[Уу]чилище|[Гг]имназия|[Гг]радина)(?:то|та)?)"
_SCHOOL = re.compile(_SCHOOL_WORD + r"\s*[„“\"«][^„“”\"«»]*[“”\"»]")
# A phone with its code, and an ЕГН.
_PHONE, _EGN = range(9, 15), 10


@cache
def _macros() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(read_sql("ingest/types.sql"))
    return connection


def refuse_personal(text: str, caption: str) -> None:
    """Raises ObhvatError when a text has a number like an ЕГН or a phone, an e-mail or a person's three names.

    `caption` is what the text is called on screen. Dates, school codes, numbers of documents
    and schools called after people are accepted.
    """
    if _has_number(text):
        raise ObhvatError(
            f"В „{caption}“ има число, което прилича на ЕГН или телефон. Махнете го: тук лични данни не се приемат."
        )
    if _MAIL.search(text):
        raise ObhvatError(f"В „{caption}“ има електронен адрес. Махнете го: тук лични данни не се приемат.")
    others = _SCHOOL.sub(" ", text)
    with _macros().cursor() as cursor:
        [(kept,)] = cursor.execute("select scrub($text)", {"text": others}).fetchall()
    if kept != others:
        raise ObhvatError(f"В „{caption}“ има имена на човек. Напишете ролята му – родител, учител, съсед – без името.")


def _has_number(text: str) -> bool:
    if re.search(r"\d{9}", text):
        return True
    for run in _RUN.findall(_DATE.sub(" ", text)):
        digits = sum(c.isdigit() for c in run)
        if digits == _EGN or (digits in _PHONE and run.lstrip("(")[0] in "+0"):
            return True
    return False
