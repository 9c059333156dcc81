"""Nothing that names a child is in any byte that is written: stores, logs, copies, workbooks, output."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from program import command, obhvat
from viewers import expert

from obhvat.demo.writers import DemoFile
from obhvat.ingest import Source, commit, read_files
from obhvat.reports.tables import write_workbook
from obhvat.store import Store
from obhvat.store.backup import backup

SCHOOL = "9001001"
WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6)
PHONE = "0888123457"
# What `read` says of a file with rows longer than its header.
SURPLUS = "read-surplus.out"
NAMES = ("Ксенофонтина", "Пантелейкова", "Хераклитова")
HEAD = (
    "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Име;Презиме;Фамилия;Телефон;Випуск;"
    "По уважителни причини;По неуважителни причини"
)


# Two hundred people, by names of which half are in no list, who stand where a text is kept.
GIVEN = (
    "Евлампия", "Калистрата", "Синклитикия", "Филатея", "Меланхтона", "Ермиония", "Пулхерия", "Теофилакта", "Макрина",
    "Клеопатра", "Стоянка", "Магдалена", "Виолета", "Зюлейха", "Хатидже", "Есмералда", "Радостина", "Пенка", "Йорданка",
    "Снежана",
)  # fmt: skip
FAMILY = (
    "Бакърджиева", "Кантарджиева", "Кърпачева", "Воденичарова", "Опълченева", "Стоименова", "Парашкевова", "Ибрямова",
    "Тодоринова", "Димитракиева",
)  # fmt: skip
PEOPLE = [f"{given} {family}" for given in GIVEN for family in FAMILY]
CASES_HEAD = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус;Уточнение"
CLASS_HEAD = "Код по НЕИСПУО;Учебна година;Месец;ЕГН/ЛНЧ;Випуск;Паралелка;По уважителни причини;По неуважителни причини"


def with_check_digit(nine: str) -> str:
    """Ten digits that pass the check of an ЕГН; the month makes them nobody's."""
    return nine + str(sum(int(d) * w for d, w in zip(nine, WEIGHTS, strict=True)) % 11 % 10)


GOOD = [with_check_digit(f"1299{n:05}") for n in range(40)]
BAD = [f"{g[:9]}{(int(g[9]) + 1) % 10}" for g in GOOD]


def bad_rows() -> Source:
    """Rows that are handed back for every reason there is, with names, phones and identifiers in them."""
    cells = [
        *(f"{SCHOOL};2023/2024;12;{i};{';'.join(NAMES)};{PHONE};5;0;-1" for i in GOOD[:10]),
        *(f"{SCHOOL};2023/2024;12;{i};{';'.join(NAMES)};{PHONE};5;0;0,25" for i in BAD[:10]),
        *(f"{SCHOOL};2023/2024;12;{i};{';'.join(NAMES)};{PHONE};{i};0;1" for i in GOOD[10:15]),
        *(f"{SCHOOL};2023/2024;12;{' '.join(NAMES)};{i};;;{PHONE};5;0;1" for i in GOOD[15:20]),
        *(f"{SCHOOL};2023/2024;12;{i};{';'.join(NAMES)};{PHONE};5;0;1;{i};{NAMES[0]}" for i in BAD[15:20]),
        *(f"{i};2023/2024;12;{i};{';'.join(NAMES)};{PHONE};5;0;1" for i in GOOD[20:25]),
        *(f"{SCHOOL};{i};{i};{i};{';'.join(NAMES)};{PHONE};5;{i};{i}" for i in BAD[20:25]),
        f"{SCHOOL};2023/2024;12;{GOOD[25]};{';'.join(NAMES)};{PHONE};5;0;1",
        f"{SCHOOL};2023/2024;12;{GOOD[25]};{';'.join(NAMES)};{PHONE};5;0;1",
    ]
    return Source("отсъствия-лоши.csv", "\n".join([HEAD, *cells]).encode())


def named_files() -> list[Source]:
    """Files with the two hundred in their own names, in reasons, in rows that are handed back and in classes."""
    steps = ("живее с майка си {}", "{} – леля", "говорено с {} по телефона", "съседката {} не знае нищо")
    about = "{n};05.02.2024;отпаднал;Каменград;12.10.2023;{status};{why}"
    cases = [
        about.format(n=f"ИМ-{n}", status="в работа" if n % 3 else f"при {who}", why=steps[n % 4].format(who))
        for n, who in enumerate(PEOPLE)
    ]
    classes = [
        f"{SCHOOL};2023/2024;11;дете-{n};{5 if n % 3 else 'пети'};{who} - ИФО;0;1" for n, who in enumerate(PEOPLE)
    ]
    return [
        Source(f"случаи {PEOPLE[3]} {GOOD[3]}.csv", "\n".join([CASES_HEAD, *cases]).encode()),
        Source(f"отсъствия-{PEOPLE[27].replace(' ', '_')}.csv", "\n".join([CLASS_HEAD, *classes]).encode()),
        Source(f"{PEOPLE[194]}.csv", "\n".join([CLASS_HEAD, *classes[:1]]).encode()),
    ]


@dataclass(frozen=True)
class Secrets:
    """What must not be found."""

    identifiers: frozenset[str]
    names: frozenset[str]


@pytest.fixture(scope="module")
def secrets(demo_files: list[DemoFile]) -> Secrets:
    identifiers, names = {*GOOD, *BAD, PHONE}, {*NAMES, *GIVEN, *FAMILY}
    for file in demo_files:
        if file.source.name.endswith("_File.txt"):
            for line in file.source.data.decode("windows-1251").split("\r\n"):
                fields = line.split("|")
                if len(fields) == 16:
                    identifiers.add(fields[4].zfill(10))
                    names.update(fields[5:8])
        if file.source.name.endswith(".parquet"):
            identifiers.update(pq.read_table(io.BytesIO(file.source.data))["ЕГН/ЛНЧ"].to_pylist())
    # Of the municipality Яворец databases keep the first letters apart, which are a name too.
    return Secrets(frozenset(identifiers), frozenset(names - {"Явор"}))


@pytest.fixture(scope="module")
def written(demo_files: list[DemoFile], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything the program wrote while it read and stored the files, in it and as its only place."""
    inputs, folder = tmp_path_factory.mktemp("inputs"), tmp_path_factory.mktemp("written")
    temporary = folder / "tmp"
    temporary.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", None)
        in_process(demo_files, folder)
    some = [f.source for f in demo_files if re.match(rf"институции_2023|ученици_2024|{SCHOOL}_2023", f.source.name)]
    for source in (*some, bad_rows(), *named_files()):
        (inputs / source.name).write_bytes(source.data)
    right = [line for line in bad_rows().data.decode().splitlines() if line.count(";") == HEAD.count(";")]
    (inputs / "отсъствия-прави.csv").write_text("\n".join(right), "utf-8")
    # What stores files and what fails, as processes; the others in this one, which is quicker and writes the same.
    for run, name, *asked in (
        (command, "check", "check", inputs, "--json"),
        (obhvat, "import", "import", inputs, "--yes", "--rejected", folder / "върнати"),
        (command, "backup", "backup", folder / "копия"),
        (command, "read", "read", inputs / "отсъствия-прави.csv"),
        (obhvat, "read-surplus", "read", inputs / "отсъствия-лоши.csv"),
        (command, "read-named", "read", inputs / named_files()[0].name),
        (command, "read-national", "read", inputs / f"{SCHOOL}_2023_11_File.txt"),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", None)
            done = run(*asked, folder=folder, TMPDIR=str(temporary), OBHVAT_STORE=str(folder / "cli.duckdb"))
        (folder / f"{name}.out").write_text(done.stdout, "utf-8")
        (folder / f"{name}.err").write_text(done.stderr, "utf-8")
    return folder


def in_process(demo_files: list[DemoFile], folder: Path) -> None:
    """What the pages do with an upload: preview, workbook of rows to hand back, commit, backup."""
    with Store(folder / "own.duckdb") as store:
        # DuckDB must not hide texts from the search by compressing them.
        store.rows("pragma force_compression = 'uncompressed'")
        upload = read_files([*some_of(demo_files), *named_files(), bad_rows()], store)
        bad = len(upload.files) - 1
        shown = {"Преглед": upload.preview(bad), "Върнати": upload.rejected_rows(bad), "Причини": upload.rejected(bad)}
        (folder / "върнати.xlsx").write_bytes(write_workbook(shown))
        (folder / "преглед.txt").write_text(upload.preview(5, limit=500).to_string(), "utf-8")
        commit(upload, store, expert())
        upload.close()
        # The log is looked at too, before it is moved into the file.
        for log in folder.glob("*.wal"):
            shutil.copy2(log, folder / f"{log.name}.copy")
        backup(store, folder / "копие.duckdb")
        tables = [row[0] for row in store.rows("select table_name from duckdb_tables()")]
        dump = "\n".join(line for table in tables for line in written_out(store, table))
        (folder / "dump.txt").write_text(dump, "utf-8")


def some_of(files: list[DemoFile]) -> list[Source]:
    """Files of every kind; of those that each school sends a month, what every third sent."""
    schools = sorted({found[0] for file in files if (found := re.match(r"\d+(?=_)", file.source.name))})
    left_out = tuple(f"{school}_" for school in schools if school not in {SCHOOL, *schools[::3]})
    return [file.source for file in files if not file.source.name.startswith(left_out)]


def written_out(store: Store, table: str) -> list[str]:
    """Rows as texts. Pseudonyms, of up to twenty digits, get commas: any ten of them are nobody's identifier."""
    kinds = "select column_name, data_type from duckdb_columns() where table_name = $table"
    texts = [
        f'case when "{name}" >= 10000000000 then format(\'{{:,}}\', "{name}") else "{name}"::varchar end'
        if of in ("BIGINT", "UBIGINT", "HUGEINT")
        else f'"{name}"::varchar'
        for name, of in store.rows(kinds, {"table": table})
    ]
    # Spaces at both ends, too: what the store asked of memory may be left in its file, where lines stand side by side.
    return [line for (line,) in store.rows(f"select concat_ws(' ', '', {', '.join(texts)}, '') from \"{table}\"")]


def pieces(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's bytes, and those of the files inside workbooks. The key is no output."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".key"):
        data = path.read_bytes()
        yield path.name, data
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                for inside in book.namelist():
                    yield f"{path.name}/{inside}", book.read(inside)


# Patterns begin with what one character may be, where a search passes over the others tens of times as fast.
def digits_in(data: bytes) -> set[str]:
    """Every ten digits in a row, and shorter rows with the zeros Excel takes away."""
    found = set()
    # Also as UTF-16 writes them, with a zero byte beside each digit.
    for run in (*re.findall(rb"\d\d{7,}", data), *re.findall(rb"\d\x00(?:\d\x00){7,}", data)):
        text = run.replace(b"\x00", b"").decode("ascii")
        found.update(text[n : n + 10] for n in range(len(text) - 9))
        if len(text) < 10:
            found.add(text.zfill(10))
    return found


def numbers_in(data: bytes) -> np.ndarray:
    """What ten digits may be of eight bytes, wherever they begin: their last three are zeros, the fifth is two at most,
    and with the fourth not zero."""
    of = np.frombuffer(data, dtype="u1")
    may = (of[4:-3] <= 2) & ((of[4:-3] | of[3:-4]) > 0) & ((of[5:-2] | of[6:-1] | of[7:]) == 0)
    at = np.flatnonzero(may)
    return sum((of[at + n].astype("<u8") << (8 * n) for n in range(5)), np.zeros(len(at), dtype="<u8"))


def words_in(data: bytes) -> set[str]:
    found = set(re.findall("[А-Яа-я][А-Яа-я]{2,}", data.decode("utf-8", "ignore")))
    for encoding, shifted in (("windows-1251", data), ("utf-16-le", data), ("utf-16-le", data[1:])):
        found.update(re.findall("[А-Яа-я][А-Яа-я]{5,}", shifted.decode(encoding, "ignore")))
    return found


class Digests:
    """Hashes that anybody can make: of what there are few of, they say which one it is."""

    def __init__(self, plain: Iterable[bytes]) -> None:
        made = [hashlib.new(how, text).digest() for text in plain for how in ("md5", "sha1", "sha256")]
        self._written = {digest.hex()[:32] for digest in made}
        self._beginnings = {int.from_bytes(digest[:8], "little") for digest in made}
        # By their last bits most of what is looked at is none of them.
        self._possible = np.zeros(1 << 24, dtype=bool)
        self._possible[[n & 0xFFFFFF for n in self._beginnings]] = True

    def are_in(self, data: bytes) -> bool:
        """Whether one stands in the bytes, in hexadecimal or as it is."""
        for run in re.findall(rb"[0-9a-f][0-9a-f]{31,}", data.lower()):
            text = run.decode()
            if any(text[n : n + 32] in self._written for n in range(len(text) - 31)):
                return True
        for shift in range(8):
            values = np.frombuffer(data[shift : shift + (len(data) - shift) // 8 * 8], dtype="<u8")
            if not self._beginnings.isdisjoint(values[self._possible[values & 0xFFFFFF]].tolist()):
                return True
        return False


def test_the_search_finds_what_is_there(secrets: Secrets) -> None:
    identifier, name = GOOD[3], NAMES[0]
    assert identifier in digits_in(f"x{identifier}y".encode())
    assert identifier in digits_in(f"x{identifier}y".encode("utf-16-le"))
    assert all(name in words_in(f"x {name} y".encode(e)) for e in ("utf-8", "windows-1251", "utf-16-le"))
    digests = Digests([identifier.encode()])
    for how in ("md5", "sha1", "sha256"):
        digest = hashlib.new(how, identifier.encode())
        wanted = digest.digest(), digest.hexdigest().encode(), digest.hexdigest().upper().encode()
        assert [digests.are_in(b"12345" + found + b"6789abc") for found in wanted] == [True] * 3
    assert not digests.are_in(hashlib.sha256(b"another").digest() * 9)
    assert identifier in secrets.identifiers
    assert len(secrets.identifiers) > 10_000


def test_something_was_written_of_every_kind(written: Path) -> None:
    names = {path.name for path in written.rglob("*") if path.is_file() and path.stat().st_size}
    assert {"own.duckdb", "own.duckdb.wal.copy", "копие.duckdb", "cli.duckdb", "cli.looks", "върнати.xlsx"} <= names
    assert {path.suffix for path in (written / "копия").iterdir()} - {".looks"} == {".duckdb"}
    assert {"отсъствия-лоши-за-поправка.xlsx", "check.out", "import.out", "read.out", "dump.txt"} <= names


def test_the_bad_rows_were_handed_back(written: Path) -> None:
    with Store(written / "cli.duckdb") as opened:
        found = opened.rows("select rows_read, rows_rejected from batches where file_name = 'отсъствия-лоши.csv'")
    assert found == [(47, 46)]


def test_the_rows_with_names_were_stored_and_handed_back(written: Path) -> None:
    for name in ("own.duckdb", "cli.duckdb"):
        with Store(written / name) as opened:
            kept = opened.rows(
                "select file_name, rows_good, rows_rejected from batches where file_name like '%[име]%' order by all"
            )
            assert kept == [("отсъствия-[име].csv", 133, 67), ("случаи [име] ••••••••••.csv", 133, 67)], name
            assert opened.rows("select count(*) from cases where reason_note like '%[име]%'") == [(133,)]


def test_no_file_is_called_after_anybody(written: Path, secrets: Secrets) -> None:
    assert {p.name for p in written.rglob("*") if words_in(p.name.encode()) & secrets.names} == set()


def test_no_identifier_is_written(written: Path, secrets: Secrets) -> None:
    found = {name: leaked for name, data in pieces(written) if (leaked := digits_in(data) & secrets.identifiers)}
    assert found == {}


def test_no_identifier_is_written_as_a_number(written: Path, secrets: Secrets) -> None:
    numbers = np.array([int(i) for i in secrets.identifiers], dtype="<u8")
    assert any(numbers_in(b"12345" + int(numbers[0]).to_bytes(8, "little") + b"6789") == numbers[0])
    found = {name for name, data in pieces(written) if np.isin(numbers_in(data), numbers).any()}
    assert found == set()


def test_no_plain_hash_of_an_identifier_or_of_a_file_is_written(
    written: Path, secrets: Secrets, demo_files: list[DemoFile]
) -> None:
    texts = {text.encode() for i in secrets.identifiers for text in (i, str(int(i)))}
    digests = Digests([*texts, *(f.source.data for f in demo_files), bad_rows().data])
    assert len(texts) > 10_000
    assert [name for name, data in pieces(written) if digests.are_in(data)] == []


def test_no_copy_holds_the_key(written: Path) -> None:
    keys = {path.read_bytes().strip() for path in written.rglob("*.key")}
    assert len(keys) == 2
    assert [name for name, data in pieces(written) for key in keys if key in data] == []


def test_no_name_is_written(written: Path, secrets: Secrets) -> None:
    searched = ((name, data) for name, data in pieces(written) if name != SURPLUS)
    found = {name: leaked for name, data in searched if (leaked := words_in(data) & secrets.names)}
    assert found == {}


def test_read_hides_names_beyond_the_last_column(written: Path, secrets: Secrets) -> None:
    assert words_in((written / SURPLUS).read_bytes()) & secrets.names == set()


def test_nothing_is_left_in_the_temporary_folder(written: Path) -> None:
    assert list((written / "tmp").rglob("*")) == []
