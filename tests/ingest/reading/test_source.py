"""What arrived, and what kind of file it is by its content."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from obhvat.datasets import dataset
from obhvat.errors import UnreadableFile
from obhvat.ingest import Source
from obhvat.reports.templates import template


@pytest.mark.parametrize(("form", "kind"), [("xlsx", "workbook"), ("parquet", "parquet"), ("csv", "text")])
def test_the_kind_is_told_by_the_bytes_and_not_by_the_name(form, kind):
    assert Source("файл.txt", template(dataset("rounds"), form, filled=True)).kind == kind


def test_a_file_on_disk_is_taken_whole(tmp_path):
    path = tmp_path / "файл.csv"
    path.write_bytes(b"a;b\r\n\x1a")
    source = Source.of_path(path)
    assert (source.name, source.data) == ("файл.csv", b"a;b\r\n\x1a")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnreadableFile, match=r"Файлът „.*няма\.csv“ не може да се отвори"):
        Source.of_path(tmp_path / "няма.csv")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UnreadableFile, match="не може да се отвори"):
        Source.of_path(tmp_path)


def test_a_file_is_known_by_a_keyed_hash_of_its_bytes():
    plain = hashlib.sha256(b"abc").hexdigest()
    assert Source("x", b"abc").hash_with("key") == hmac.digest(b"key", f"file {plain}".encode(), "sha256").hex()
