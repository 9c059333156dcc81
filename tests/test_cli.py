"""The command line. What only a process can show is run as one: exit codes, encodings, a store held elsewhere."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Any

import openpyxl
import pytest
from program import command, environment, obhvat

from obhvat.demo.awkward import Awkward
from obhvat.demo.writers import DemoFile
from obhvat.metrics import all_metrics
from obhvat.store import Store

REGISTER = """Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38
9001001;СУ „Първо“;Каменград;Каменград;гр. Каменград;средно училище
9001002;ОУ „Второ“;Каменград;Каменград;гр. Каменград;основно училище
"""
LINES = [
    "9001001|2023|10||0999000011|Анна|Борисова|Велева|05|1||5а|1||1.00|5.00",
    "9001001|2023|10||0999000028|Боян|Ганев|Димов|05|1||5а|1||0,00|-2,00",
    "9001001|2023|10||0999000035|Вяра|Енева|Жекова|05|1||5а|1||0.00|0.25",
    "9001001|2023|10||0999000042|Гошо|Зарев|Илиев|05|1||5а|1||0.00|7.50",
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register and a national file of four lines, two of them bad."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "институции.csv").write_text(REGISTER, "utf-8")
    (folder / "9001001_2023_10_File.txt").write_bytes("\r\n".join(LINES).encode("windows-1251"))
    return folder


@pytest.fixture(scope="module")
def checked(files: Path) -> subprocess.CompletedProcess[str]:
    return obhvat("check", files, "--json", "--store", files.parent / "none.duckdb", folder=files)


@pytest.fixture(scope="module")
def national(checked: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What `check --json` says of the national file."""
    reports = {report["name"]: report for report in json.loads(checked.stdout)}
    return reports["9001001_2023_10_File.txt"]


@pytest.fixture(scope="module")
def loaded(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store the files were imported into, with the workbook of what was handed back beside it."""
    store = tmp_path_factory.mktemp("store") / "a.duckdb"
    done = command("import", files, "--yes", "--rejected", store.parent / "върнати", "--store", store, folder=files)
    assert done.returncode == 3, done.stderr
    return store


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The only line of the error stream."""
    [line] = done.stderr.splitlines()
    return line


def test_check_names_layout_and_dataset(national: dict[str, Any]) -> None:
    assert (national["layout"], national["dataset"]) == ("neispuo_absences", "absences")


def test_check_names_encoding_delimiter_and_header_lines(national: dict[str, Any]) -> None:
    assert (national["encoding"], national["delimiter"], national["header_lines"]) == ("windows-1251", "|", [])


def test_check_says_what_became_of_every_column(national: dict[str, Any]) -> None:
    became = {c["caption"]: (c["use"], c["field"]) for c in national["columns"]}
    assert len(national["columns"]) == 16
    assert became["Идентификатор"] == ("field", "pupil")
    assert became["Фамилия"] == ("personal", None)
    assert became["Посещава редовно"] == ("unused", None)


def test_check_counts_rows(national: dict[str, Any]) -> None:
    assert (national["rows_read"], national["rows_good"], national["rows_rejected"]) == (4, 2, 2)


def test_check_gives_line_column_and_rule_of_every_rejected_row(national: dict[str, Any]) -> None:
    faults = [(r["line"], r["column"], r["rule"]) for r in national["rejected"]]
    assert faults == [(2, "По неуважителни причини", "negative"), (3, "По неуважителни причини", "halves")]


def test_check_gives_a_bulgarian_reason(national: dict[str, Any]) -> None:
    assert [r["reason"] for r in national["rejected"]] == [
        "„-2,00“ в „По неуважителни причини“ е отрицателно. Отсъствията се броят от нула нагоре.",
        "„0.25“ в „По неуважителни причини“ не е цяло или половин число. Закъснението е 0,5; други части няма.",
    ]


def test_check_names_school_and_period(national: dict[str, Any]) -> None:
    assert (national["schools"], national["periods"]) == (["9001001"], ["2023-10-01"])


def test_check_with_rows_to_hand_back_exits_with_three(checked: subprocess.CompletedProcess[str]) -> None:
    assert checked.returncode == 3


def test_check_makes_no_store(files: Path, checked: subprocess.CompletedProcess[str]) -> None:
    assert checked.returncode == 3
    assert not (files.parent / "none.duckdb").exists()


def test_check_of_a_good_file_exits_with_zero(files: Path, tmp_path: Path) -> None:
    done = command("check", files / "институции.csv", "--store", tmp_path / "none.duckdb", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_check_of_an_unknown_file_exits_with_two(tmp_path: Path) -> None:
    (tmp_path / "picture.csv").write_text("а;б\n1;2\n", "utf-8")
    done = command("check", "picture.csv", "--json", "--store", "none.duckdb", folder=tmp_path)
    [report] = json.loads(done.stdout)
    assert (done.returncode, report["dataset"]) == (2, None)
    assert report["refused"].startswith("Не познах")


@pytest.mark.parametrize("verb", ["check", "import", "read"])
def test_a_file_that_is_not_there_is_one_line(tmp_path: Path, verb: str) -> None:
    done = command(verb, "няма.csv", folder=tmp_path, OBHVAT_STORE=str(tmp_path / "a.duckdb"))
    assert (done.returncode, "„няма.csv“ не може да се отвори" in one_line(done)) == (2, True)


def test_import_says_what_was_stored(loaded: Path) -> None:
    with Store(loaded) as opened:
        rows = opened.rows("select dataset, rows_good, rows_rejected from batches order by 1")
    assert rows == [("absences", 2, 2), ("schools", 2, 0)]


def test_import_writes_the_rows_to_hand_back_beside_their_reasons(loaded: Path) -> None:
    [made] = (loaded.parent / "върнати").iterdir()
    mark, header, *rows = openpyxl.load_workbook(made).active.iter_rows(values_only=True)
    assert mark[0].startswith("Редове за поправка: 2 от 4 във файла „9001001_2023_10_File.txt“.")
    assert (header[0], header[-1], [row[0] for row in rows]) == ("Ред във файла", "Какво да се поправи", [2, 3])


def test_a_file_in_doubt_waits_for_yes(files: Path, tmp_path: Path) -> None:
    national_file = files / "9001001_2023_10_File.txt"
    done = command("import", national_file, "--store", tmp_path / "a.duckdb", folder=tmp_path)
    assert done.returncode == 3
    assert "чака потвърждение (--yes)" in done.stdout
    with Store(tmp_path / "a.duckdb") as opened:
        assert opened.rows("select count(*) from batches") == [(0,)]


def test_a_figure_counts_what_was_imported(loaded: Path) -> None:
    done = command("figure", "pupils_over_threshold", "--json", "--store", loaded, folder=loaded.parent)
    figure = json.loads(done.stdout)
    assert (figure["n"], figure["period"], figure["reporting"], figure["places"]) == (2, "2023-I", 1, 2)


def test_the_store_can_be_named_by_the_environment(loaded: Path) -> None:
    done = command("figure", "submissions", "--period", "2023-10", folder=loaded.parent, OBHVAT_STORE=str(loaded))
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0,
        "Училища, подали отсъствия, областта, октомври 2023 г.: 1 от 2",
    )


def test_a_figure_as_of_a_day_before_the_import_has_no_data(loaded: Path) -> None:
    done = command("figure", "submissions", "--as-of", "2023-12-31", "--store", loaded, folder=loaded.parent)
    assert (done.returncode, one_line(done)) == (
        2,
        "В базата още няма отсъствия, случаи или проверки, от които да се смята. Качете ги и опитайте отново.",
    )


@pytest.mark.parametrize("before", [True, False], ids=["before the command", "after it"])
@pytest.mark.parametrize("arguments", ["figure calls", "check а.csv", "import а.csv", "backup копие.duckdb", "demo"])
def test_the_store_can_be_named_before_the_command_as_after_it(
    loaded: Path, tmp_path: Path, arguments: str, before: bool
) -> None:
    (tmp_path / "а.csv").write_text("а;б\n1;2\n", "utf-8")
    (tmp_path / "друга.duckdb").write_text("не е база " * 3000, "utf-8")
    named, rest = ["--store", "друга.duckdb"], arguments.split()
    line = [*named, *rest] if before else [*rest, *named]
    # The environment names another one, which is whole.
    done = command(*line, folder=tmp_path, OBHVAT_STORE=str(loaded))
    assert (done.returncode, "друга.duckdb" in one_line(done)) == (5, True)


def test_restore_goes_to_the_store_named_before_the_command(loaded: Path, tmp_path: Path) -> None:
    shutil.copy2(loaded.with_suffix(".key"), tmp_path / "друга.key")
    done = command("--store", "друга.duckdb", "restore", loaded, folder=tmp_path, OBHVAT_STORE=str(tmp_path / "a"))
    assert (done.returncode, done.stderr) == (0, "")
    with Store(tmp_path / "друга.duckdb", create=False) as opened:
        assert opened.rows("select count(*) from absences") == [(2,)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["няма-такъв"], "Няма показател „няма-такъв“"),
        (["calls", "--municipality", "Атлантида"], "Няма община „Атлантида“"),
        (["calls", "--period", "вчера"], "„вчера“ не е период"),
    ],
)
def test_an_unknown_name_is_one_line_and_exits_with_two(loaded: Path, arguments: list[str], sentence: str) -> None:
    done = command("figure", *arguments, "--store", loaded, folder=loaded.parent)
    assert (done.returncode, one_line(done).startswith(sentence), done.stdout) == (2, True, "")


def test_every_metric_is_listed_with_its_definition(tmp_path: Path) -> None:
    listed = json.loads(command("figure", "--json", folder=tmp_path).stdout)
    defined = [(metric.id, metric.definition) for metric in all_metrics()]
    assert [(metric["metric"], metric["definition"]) for metric in listed] == defined


def test_a_figure_without_a_store_exits_with_five(tmp_path: Path) -> None:
    done = command("figure", "calls", "--store", "none.duckdb", folder=tmp_path)
    assert (done.returncode, one_line(done).startswith("Няма база")) == (5, True)


def test_a_store_that_is_no_database_exits_with_five(tmp_path: Path) -> None:
    (tmp_path / "a.duckdb").write_text("не е база " * 3000, "utf-8")
    done = command("figure", "calls", "--store", "a.duckdb", folder=tmp_path)
    assert (done.returncode, "obhvat restore" in one_line(done)) == (5, True)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store that another process has open."""
    path = tmp_path_factory.mktemp("held") / "a.duckdb"
    hold = "import sys; from obhvat.store import Store; s = Store(sys.argv[1]); print('open', flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", hold, path], stdin=PIPE, stdout=PIPE, env=environment())
    with holder:
        assert holder.stdout
        assert holder.stdout.readline().strip() == b"open"
        yield path
        holder.kill()


@pytest.mark.parametrize("arguments", ["figure calls", "import институции.csv", "backup копие.duckdb"])
def test_a_store_open_elsewhere_exits_with_four(held: Path, files: Path, arguments: str, tmp_path: Path) -> None:
    shutil.copy2(files / "институции.csv", tmp_path)
    done = command(*arguments.split(), "--store", held, folder=tmp_path)
    assert (done.returncode, "е отворена от друга програма (процес " in one_line(done)) == (4, True)


def test_read_prints_the_table_as_csv_with_masked_identifiers(files: Path) -> None:
    done = command("read", files / "9001001_2023_10_File.txt", folder=files)
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[0] == [
        "9001001",
        "2023",
        "10",
        "",
        "09••••••••",
        "",
        "",
        "",
        "05",
        "1",
        "",
        "5а",
        "1",
        "",
        "1.00",
        "5.00",
    ]
    assert len(rows) == 4


def test_read_prints_the_header_in_utf8_wherever_it_runs(files: Path) -> None:
    done = obhvat("read", files / "институции.csv", folder=files, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [line.replace(";", ",") for line in REGISTER.splitlines()]


def test_demo_files_are_written_into_a_folder(tmp_path: Path, demo_files: list[DemoFile]) -> None:
    done = command("demo", "--files", "примери", folder=tmp_path)
    assert done.returncode == 0
    written = {f.name: f.stat().st_size for f in (tmp_path / "примери").iterdir()}
    text = {f.source.name: len(f.source.data) for f in demo_files if not f.source.name.endswith("xlsx")}
    assert {name: size for name, size in written.items() if not name.endswith("xlsx")} == text


def test_files_of_the_awkward_oblast_are_written_drop_by_drop(tmp_path: Path) -> None:
    done = command("demo", "--awkward", "--files", "примери", folder=tmp_path)
    assert done.returncode == 0
    written = [f.relative_to(tmp_path / "примери") for f in (tmp_path / "примери").rglob("*.*")]
    assert len(written) == len(Awkward().files())
    # A month that is sent again has the name of the first file of it.
    assert {f.parent.name for f in written if f.name == "9102001_2023_10_File.txt"} == {"2", "3"}


def test_demo_does_not_touch_a_store_with_data(loaded: Path) -> None:
    before = loaded.read_bytes()
    done = command("demo", "--store", loaded, folder=loaded.parent)
    assert (done.returncode, "вече има данни" in done.stderr) == (0, True)
    assert loaded.read_bytes() == before


def test_backup_and_restore(loaded: Path, tmp_path: Path) -> None:
    for suffix in (".duckdb", ".key"):
        shutil.copy2(loaded.with_suffix(suffix), tmp_path)
    made = command("backup", "копие.duckdb", "--store", "a.duckdb", folder=tmp_path)
    with Store(tmp_path / "a.duckdb") as opened:
        opened.remember("след", "копието")
    done = command("restore", "копие.duckdb", "--store", "a.duckdb", folder=tmp_path)
    assert (made.returncode, done.returncode) == (0, 0)
    with Store(tmp_path / "a.duckdb") as opened:
        assert (opened.remembered("след"), opened.rows("select count(*) from absences")) == (None, [(2,)])


def test_restore_puts_a_backup_in_the_place_of_a_damaged_store(loaded: Path, tmp_path: Path) -> None:
    shutil.copy2(loaded, tmp_path / "копие.duckdb")
    shutil.copy2(loaded.with_suffix(".key"), tmp_path)
    (tmp_path / "a.duckdb").write_bytes(loaded.read_bytes()[:50_000])
    done = command("restore", "копие.duckdb", "--store", "a.duckdb", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    with Store(tmp_path / "a.duckdb") as opened:
        assert opened.rows("select count(*) from absences") == [(2,)]
    assert [f.stat().st_size for f in tmp_path.glob("a-преди-*")] == [50_000]


def test_restore_of_a_file_that_is_no_backup_exits_with_five(loaded: Path, tmp_path: Path) -> None:
    (tmp_path / "копие.duckdb").write_text("не е копие", "utf-8")
    before = loaded.read_bytes()
    done = command("restore", "копие.duckdb", "--store", loaded, folder=tmp_path)
    assert (done.returncode, "не е копие на база на обхват" in one_line(done)) == (5, True)
    assert loaded.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "заето").write_text("", "utf-8")
    done = command("demo", "--files", "заето", folder=tmp_path)
    assert (done.returncode, one_line(done).startswith("Няма достъп до „заето“")) == (1, True)


def test_how_a_file_is_read_and_what_it_does_not_say_can_be_told(tmp_path: Path):
    rows = "справка\nКлас;Ученици;Уважителни;Неуважителни\n5а;20;100;3,5\n"
    (tmp_path / "класове.csv").write_bytes(rows.encode("cp866"))
    given = [f"--set={pair}" for pair in ("school=9000101", "school_year=2023", "term=term1")]
    done = command(
        "check", "класове.csv", "--encoding", "cp866", "--header-line", "2", *given, "--json", folder=tmp_path
    )
    [report] = json.loads(done.stdout)
    assert (report["layout"], report["encoding"], report["header_lines"], report["rows_good"]) == (
        "diary_by_class",
        "cp866",
        [2],
        1,
    )


def test_what_is_told_wrongly_is_explained(tmp_path: Path):
    (tmp_path / "а.csv").write_text("а;б\n1;2\n", "utf-8")
    encoding = command("check", "а.csv", "--encoding", "кирилица", folder=tmp_path)
    value = command("check", "а.csv", "--set", "school", folder=tmp_path)
    assert (encoding.returncode, value.returncode) == (2, 2)
    assert one_line(encoding).startswith("Няма кодиране „кирилица“.")
    assert one_line(value).startswith("„school“ не е от вида поле=стойност")


def test_the_benchmark_counts_every_row_of_every_reader(tmp_path: Path):
    done = command("bench", "--rows", "2000", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    table = " ".join(done.stdout.split())
    assert table.count("DuckDB, без проверки") == table.count("pandas, със същите проверки") == 2
    assert list(tmp_path.iterdir()) == []


def test_a_word_that_is_offered_is_taken_with_an_option(tmp_path: Path) -> None:
    register, cases = tmp_path / "институции.csv", tmp_path / "случаи.csv"
    register.write_text("Код по НЕИСПУО;Наименование;Вид;Община\n9000101;ОУ „Пример“;основно;Каменград\n", "utf-8")
    head = "№ на случая;Към дата;Категория;Община по адрес;Дата на сигнала;Статус\n"
    rows = (
        "КГ-1;05.02.2024;отпаднал;Каменград;12.10.2023;в работа\nКГ-2;05.02.2024;отпаднал;Камиград;12.10.2023;в работа"
    )
    cases.write_text(head + rows, "utf-8")
    asked = command("check", register, cases, folder=tmp_path)
    told = command("check", register, cases, "--word", "Камиград=Каменград", folder=tmp_path)
    assert "„Камиград“ в „Община по адрес“ (1 ред) – може би „Каменград“." in asked.stdout
    assert '--word "Камиград=Каменград"' in asked.stdout
    assert (asked.returncode, told.returncode) == (3, 0)
