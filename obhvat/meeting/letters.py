"""What the centre writes to whom after it has looked at the data: to each school its rows to mend, its missing months
and its findings, to each institution the steps it owes and is late with.

A letter is only for its recipient: a case stands in it by number, nothing in it names or describes a child.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd

from obhvat.cases.children import ladder_of, rejected_for
from obhvat.cases.terms import OWNERS, heading_of, terms_of
from obhvat.datasets import dataset
from obhvat.errors import ObhvatError
from obhvat.ingest.checking.rejected import complaints, fault_reasons
from obhvat.inspections.checks import KINDS
from obhvat.inspections.findings import UNDONE, findings
from obhvat.language import BULGARIAN, speaking
from obhvat.meeting.data_lines import months_words, returned_files
from obhvat.meeting.prepared import About
from obhvat.metrics import submission_months
from obhvat.people import Viewer
from obhvat.periods import Period
from obhvat.scope import inside, institutions
from obhvat.store import Store
from obhvat.texts import capitalized, counted, day, listed, lowered, with_word

# How an institution is addressed: the head of the letter, and the words it begins with.
_HEADS: Mapping[str, tuple[str, str]] = {
    "governor": ("ОБЛАСТНАТА АДМИНИСТРАЦИЯ", "УВАЖАЕМИ КОЛЕГИ,"),
    "ruo": ("НАЧАЛНИКА НА РЕГИОНАЛНОТО УПРАВЛЕНИЕ НА ОБРАЗОВАНИЕТО", "УВАЖАЕМА ГОСПОЖО/УВАЖАЕМИ ГОСПОДИН НАЧАЛНИК,"),
    "police": ("ДИРЕКТОРА НА ОД НА МВР", "УВАЖАЕМА ГОСПОЖО/УВАЖАЕМИ ГОСПОДИН ДИРЕКТОР,"),
    "health": ("ДИРЕКТОРА НА РЗИ", "УВАЖАЕМА ГОСПОЖО/УВАЖАЕМИ ГОСПОДИН ДИРЕКТОР,"),
    "social": ("ДИРЕКТОРА НА ДИРЕКЦИЯ „СОЦИАЛНО ПОДПОМАГАНЕ“", "УВАЖАЕМА ГОСПОЖО/УВАЖАЕМИ ГОСПОДИН ДИРЕКТОР,"),
}
_CASE = "Случай №"
_DIRECTOR = "УВАЖАЕМА ГОСПОЖО/УВАЖАЕМИ ГОСПОДИН ДИРЕКТОР,"
_MAYOR = "УВАЖАЕМА ГОСПОЖО/УВАЖАЕМИ ГОСПОДИН КМЕТ,"
_COLLEAGUES = "УВАЖАЕМИ КОЛЕГИ,"


@dataclass(frozen=True)
class Part:
    """A thing that is asked for: what, and a table of it."""

    title: str
    request: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Letter:
    """A letter to one recipient."""

    recipient: str
    """„ОУ „Росица“, с. Извор“, „РУО“, „Община Горун“."""
    municipality: str
    head: tuple[str, ...]
    """The lines of the address: whom it is for, where."""
    opening: str
    parts: tuple[Part, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """The numbers of the cases it names."""
        return tuple(row[0] for part in self.parts if part.columns[0] == _CASE for row in part.rows)

    @property
    def subject(self) -> str:
        """„върнати редове, липсващи месеци и неизпълнени препоръки“"""
        return listed(lowered(part.title) for part in self.parts)


@dataclass(frozen=True)
class Letters:
    """All letters of a place, and who gets none."""

    letters: tuple[Letter, ...]
    without: tuple[str, ...]
    """Recipients about whom there is nothing to write."""
    unaddressed: int
    """Overdue steps of a school that the case does not say, or that is not in the register."""
    elsewhere: int
    """Those of a school in another municipality than the one that is looked at."""


@speaking(BULGARIAN)
def letters(about: About, viewer: Viewer) -> Letters:
    """The letters before a meeting, as things stand. Only for inside: raises ObhvatError for others, NotAllowed for who
    does not look after all files and cases."""
    viewer.must("settle")
    if not about.disclosure.is_inside:
        raise ObhvatError("Писмата съдържат случаи по номер и се правят само във вътрешния изглед.")
    return about.store.kept(("letters", about.question), about.known_at, lambda: _letters(about, viewer))


def _letters(about: About, viewer: Viewer) -> Letters:
    store, scope, known_at, year = about.store, about.scope, about.known_at, about.year
    schools = institutions(store, year, scope)
    schools = schools[schools["level"].isin(["school", "kindergarten"])]
    steps = inside(ladder_of(store, viewer, about.cases_day, known_at), scope, "")
    late = steps[steps["late"] > 0].sort_values("late", ascending=False, kind="stable")
    of_steps = _StepRows({step.code: step.name for step in terms_of(store, known_at).steps}, about.cases_day)
    rejected = _returned(store, viewer, year, known_at)
    months = submission_months(store, about.period, scope)
    stands_on = about.checks_day
    found = findings(store, year, scope, stands_on)
    found = found[found["state"].isin(UNDONE)]
    written: list[Letter] = []
    without: list[str] = []
    for code, name, municipality, settlement in schools[["code", "name", "municipality", "settlement"]].itertuples(
        index=False, name=None
    ):
        parts = (
            *_rows_part(rejected[rejected["school"] == code]),
            *_months_parts(months[months["school"] == code]),
            *_findings_part(found[found["school"] == code], stands_on),
            *of_steps.part(late[(late["owner"] == "school") & (late["school"] == code)]),
        )
        head = (f"ДО ДИРЕКТОРА НА {name.upper()}", f"{settlement}, община {municipality}", f"код по НЕИСПУО {code}")
        letter = Letter(about.name_of(code), municipality, head, _DIRECTOR, parts)
        written.append(letter) if parts else without.append(about.name_of(code))
    of_others = late[late["owner"] != "school"]
    for letter in _of_institutions(of_others, of_steps, schools["municipality"].unique()):
        written.append(letter) if letter.parts else without.append(letter.recipient)
    of_schools = late.loc[late["owner"] == "school", "school"]
    of_schools = of_schools[~of_schools.isin(schools["code"])]
    elsewhere = int(of_schools.isin(institutions(store, year, replace(scope, municipality=None))["code"]).sum())
    return Letters(tuple(written), tuple(without), len(of_schools) - elsewhere, elsewhere)


def _of_institutions(late: pd.DataFrame, of_steps: _StepRows, municipalities: Sequence[str]) -> Iterator[Letter]:
    """A letter a municipality, and one each other institution that owes a step."""
    for place in sorted(municipalities):
        mine = late[(late["owner"] == "municipality") & (late["municipality"] == place)]
        head = (f"ДО КМЕТА НА ОБЩИНА {place.upper()}",)
        yield Letter(f"Община {place}", place, head, _MAYOR, tuple(of_steps.part(mine)))
    for owner in OWNERS:
        if owner in ("municipality", "school"):
            continue
        name = heading_of(owner)
        title, opening = _HEADS.get(owner, (name.upper(), _COLLEAGUES))
        mine = late[late["owner"] == owner]
        yield Letter(name, "", (f"ДО {title}",), opening, tuple(of_steps.part(mine)))


@dataclass(frozen=True)
class _StepRows:
    """Overdue steps as rows of a letter, in the words of the ladder: what a person wrote may tell of a home."""

    names: Mapping[str, str]
    looked: date

    def part(self, steps: pd.DataFrame) -> Iterator[Part]:
        if steps.empty:
            return
        n = len(steps)
        yield Part(
            "Стъпки по случаи с изтекъл срок",
            f"Към {day(self.looked)} по {counted(n, 'случай')} от регистъра на координационния център не е отразено "
            f"изпълнението на {'следващата стъпка' if n == 1 else 'следващите стъпки'}. Моля, предприемете "
            "необходимото и ни уведомете какво е извършено и на коя дата. Случаите са посочени само с номер.",
            (_CASE, "Община", "Стъпка", "Срок", "Закъснение"),
            tuple(
                (
                    str(row["number"]),
                    str(row["municipality"]),
                    capitalized(self.names.get(row["next_step"], row["next_step"])),
                    day(row["due"]),
                    counted(int(row["late"]), "работен ден"),
                )
                for _, row in steps.iterrows()
            ),
        )


def _returned(store: Store, viewer: Viewer, year: Period, known_at: datetime) -> pd.DataFrame:
    """One row a kind of fault of a file in force: school, what (dataset), file_name, lines, column, reason."""
    rows = []
    files = returned_files(store, year, known_at)
    for batch in files[files["school"] != ""].itertuples(index=False):
        _, _, faults = rejected_for(store, viewer, int(batch.batch_id))
        wanted = dataset(str(batch.dataset))
        for kind in complaints(fault_reasons(wanted, faults)):
            rows.append((batch.school, wanted.title, batch.file_name, kind.where, kind.column, kind.reason, kind.lines))
    return pd.DataFrame(rows, columns=["school", "what", "file_name", "where", "column", "reason", "lines"])


def _rows_part(faults: pd.DataFrame) -> Iterator[Part]:
    if faults.empty:
        return
    n = sum(len({line for lines in of_file["lines"] for line in lines}) for _, of_file in faults.groupby("file_name"))
    are = "не е приет" if n == 1 else "не са приети"
    yield Part(
        "Редове за поправка",
        f"От подадените от Вас файлове {are} {counted(n, 'ред')}. Моля, поправете ги, както е посочено, и изпратете "
        "файла отново; останалите редове са записани.",
        ("Файл", "Ред", "Колона", "Какво да се поправи"),
        tuple(
            (f"{row['file_name']} ({row['what'].lower()})", capitalized(row["where"]), row["column"], row["reason"])
            for _, row in faults.iterrows()
        ),
    )


_OF_STATE = {
    "missing": ("Неподадени и непотвърдени отсъствия", "не са подадени", "Подайте файла с отсъствията за всеки месец."),
    "unsigned": ("Неподадени и непотвърдени отсъствия", "подадени, но неподписани", "Подпишете подаденото в НЕИСПУО."),
    "doubled": (
        "Отсъствия за проверка",
        "часовете изглеждат удвоени по подгрупи",
        "Проверете и изпратете коригиран файл или потвърдете, че са верни.",
    ),
    "zeros": (
        "Отсъствия за проверка",
        "няма нито един неизвинен час в цялото училище",
        "Проверете нанасянето в дневника и потвърдете.",
    ),
}


def _months_parts(states: pd.DataFrame) -> Iterator[Part]:
    for title, request in (
        ("Неподадени и непотвърдени отсъствия", "За следните месеци отсъствията не са подадени или не са потвърдени."),
        ("Отсъствия за проверка", "За следните месеци Ви молим да проверите подаденото и да потвърдите, че е вярно."),
    ):
        rows = tuple(
            (months_words(months), *how)
            for state, (of, *how) in _OF_STATE.items()
            if of == title and len(months := states.loc[states["state"] == state, "month"])
        )
        if rows:
            yield Part(title, request, ("Месец", "Състояние", "Какво да се направи"), rows)


def _findings_part(rows: pd.DataFrame, stands_on: date) -> Iterator[Part]:
    if rows.empty:
        return
    n = len(rows)
    yield Part(
        "Неизпълнени препоръки от проверки",
        f"Към {day(stands_on)} не е отразено изпълнението на {counted(n, 'препоръка')} от проверки на РУО. Моля, "
        "уведомете ни за изпълнението и датата му.",
        ("Проверка", "Констатация", "Препоръка", "Срок"),
        tuple(
            (
                f"№ {row['number']} от {day(row['date'])} – {KINDS[row['kind']][0]}",
                capitalized(row["finding"] or "–"),
                capitalized(row["recommendation"] or "–"),
                _due(row),
            )
            for _, row in rows.sort_values("date").iterrows()
        ),
    )


def _due(row: pd.Series) -> str:
    if pd.isna(row["due"]):
        return "без срок"
    late = int(row["late"])
    is_late = row["state"] == "overdue"
    return day(row["due"]) + (f"; закъснява {with_word(late)} {counted(late, 'работен ден')}" if is_late else "")
