"""How many names are missed and how many other words are taken for names, on invented sentences of this trade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from places import ROOT

from obhvat.privacy import scrub
from obhvat.privacy.names import names_in

HERE = Path(__file__).parent


@dataclass
class Tally:
    """`missed` and `false` by what is replaced in files; `unasked` and `asked` by what a form asks about."""

    sentences: int = 0
    names: int = 0
    missed: int = 0
    unasked: int = 0
    false: int = 0
    asked: int = 0


def sentences(name: str) -> Iterator[tuple[str, list[str]]]:
    for line in (HERE / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            text, _, names = line.partition("\t")
            yield text, [name for name in names.split("; ") if name]


def tally(name: str) -> Tally:
    counts = Tally()
    for text, names in sentences(name):
        counts.sentences += 1
        read = names_in(text)
        of_names = set()
        for expected in names:
            start = text.index(expected)
            end = start + len(expected.rstrip("."))
            counts.names += 1
            covering = [n for n in read if n.start <= start and end <= n.end]
            counts.missed += not any(n.sure for n in covering)
            counts.unasked += not covering
            of_names |= {n for n in read if n.start < end and start < n.end}
        counts.false += sum(n.sure for n in read if n not in of_names)
        counts.asked += sum(n not in of_names for n in read)
    return counts


@pytest.mark.parametrize(
    ("name", "least", "most_missed", "most_false", "most_asked"),
    [("sentences.tsv", 250, 0, 0, 0), ("held_out.tsv", 120, 3, 1, 1)],
)
def test_few_names_are_missed_and_few_other_words_replaced(name, least, most_missed, most_false, most_asked):
    counts = tally(name)
    assert counts.sentences >= least
    assert counts.names > least // 2
    assert counts.missed <= most_missed
    assert counts.unasked <= most_missed
    assert counts.false <= most_false
    assert counts.asked <= most_asked


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Детето е при Надежда от вчера", False),
        ("Майка му Надежда е на работа", True),
        ("Адресът е известен на Рошманов", False),
        ("говорено с г-н Рошманов", True),
        ("Насочен към Мраморен Дворец", False),
    ],
)
def test_what_may_be_another_word_is_only_asked_about(text, sure):
    [name] = names_in(text)
    assert name.sure is sure


def test_what_the_program_says_itself_names_nobody():
    paths = [ROOT / "README.md", ROOT / "obhvat" / "changelog.md", *(ROOT / "obhvat").rglob("*.toml")]
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    assert len(lines) > 1000
    assert [line for line in lines if any(name.sure for name in names_in(line))] == []


def test_the_rest_of_a_text_stays_as_it_is():
    assert scrub("майка ѝ Мария Иванова (тел. 0888123457), ул. „Петър Берон“ 5") == (
        "майка ѝ [име] (тел. ••••••••••), ул. „Петър Берон“ 5"
    )


def test_what_was_replaced_is_not_replaced_again():
    once = scrub("Иван Петров и М. Стоянова, 7а")
    assert once == "[име] и [име], 7а"
    assert scrub(once) == once
