"""What a country's month costs: a file of every institution, every pupil in it, read to recorded by command.

    python tests/benchmarks/month.py [--files 4100] [--folder FOLDER]

Not a test: it prints seconds, those of all cores, which say more on a busy machine, and the most memory (DESIGN §5).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.console import Console

from obhvat.demo.country import KINDERGARTENS, PUPILS, SCHOOLS
from obhvat.texts import number

INSTITUTIONS = SCHOOLS + KINDERGARTENS
FIRST_CODE = 9_000_000
MONTH = "2023|11"
_NAMES = ("Ана|Петрова|Ангелова", "Боян|Димитров|Стоянов", "Вяра|Тодорова|Павлова", "Иво|Христов|Лазаров")


@dataclass(frozen=True)
class Cost:
    seconds: float
    of_cores: float
    megabytes: float


def write_month(folder: Path, files: int) -> int:
    """The national files of so many institutions, and their register beside the folder. Returns how many rows."""
    random, made = Random(1), 0
    schools = ["Код по НЕИСПУО;Наименование;Област;Община;Населено място;Вид по чл. 38"]
    for n in range(files):
        code, sign = FIRST_CODE + n, ",."[n % 3 > 0]
        schools.append(f"{code};СУ „Изгрев“ {n};Каменград;Община {n % 265};с. Ново {n % 1000};средно училище")
        lines = []
        for pupil in range(PUPILS // INSTITUTIONS + n % 2):
            made += 1
            grade = pupil % 12 + 1
            hours = f"{random.randrange(20)}.00|{random.randrange(20) / 2:.2f}".replace(".", sign)
            names = _NAMES[random.randrange(len(_NAMES))]
            lines.append(
                f"{code}|{MONTH}||{made % 20:02}99{made:06}|{names}|{grade:02}|{grade * 10}||{grade}а|1||{hours}"
            )
        (folder / f"{code}_2023_11_File.txt").write_bytes(("\r\n".join(lines) + "\r\n").encode("windows-1251"))
    folder.with_name("институции.csv").write_text("\n".join(schools), "utf-8")
    return made


def cost_of(arguments: Sequence[str | Path]) -> Cost:
    """A command of the program, alone in its process. Raises CalledProcessError when it does not do all."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "obhvat", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command)
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=INSTITUTIONS)
    parser.add_argument("--folder", type=Path)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="obhvat-bench-", dir=told.folder) as folder:
        month, store = Path(folder) / "месец", Path(folder) / "store" / "obhvat.duckdb"
        month.mkdir()
        store.parent.mkdir()
        rows = write_month(month, told.files)
        cost_of(["import", "--yes", "--store", store, month.with_name("институции.csv")])
        cost = cost_of(["import", "--yes", "--store", store, month])
    Console(highlight=False).print(
        f"{number(told.files)} файла, {number(rows)} реда: {number(cost.seconds, 1)} s, "
        f"{number(cost.of_cores, 1)} s на ядрата, {number(cost.megabytes)} MB"
    )


if __name__ == "__main__":
    main()
