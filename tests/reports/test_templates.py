from pathlib import Path

import pytest

from obhvat.datasets import Dataset, all_datasets
from obhvat.ingest import FileReport, Source, read_files
from obhvat.reports.templates import file_name, template

TEMPLATES = Path(__file__).resolve().parents[2] / "data" / "templates"
FORMS = ("xlsx", "csv", "parquet")


def test_the_templates_in_data_are_the_ones_the_program_makes():
    made = {file_name(d, "csv", filled=True): template(d, "csv", filled=True) for d in all_datasets()}
    kept = {path.name: path.read_bytes() for path in TEMPLATES.iterdir()}
    assert kept == made


def reports(dataset: Dataset, *, filled: bool) -> list[FileReport]:
    """What is said of a dataset's template in each form; all are read in one drop."""
    sources = [Source(file_name(dataset, f, filled=filled), template(dataset, f, filled=filled)) for f in FORMS]
    upload = read_files(sources, None)
    upload.close()
    assert [report.name for report in upload.files] == [source.name for source in sources]
    return upload.files


@pytest.mark.parametrize("dataset", all_datasets(), ids=lambda d: d.name)
def test_example_rows_are_read_back_without_a_fault_in_every_form(dataset: Dataset) -> None:
    found = [(r.dataset, r.refused, r.rows_rejected, r.rows_good) for r in reports(dataset, filled=True)]
    assert found == [(dataset, None, 0, len(dataset.fields[0].examples))] * len(FORMS)


@pytest.mark.parametrize("dataset", all_datasets(), ids=lambda d: d.name)
def test_an_empty_template_of_any_form_is_known_and_says_that_it_is_empty(dataset: Dataset) -> None:
    found = [(report.dataset, report.refused) for report in reports(dataset, filled=False)]
    assert found == [(dataset, "Под заглавието няма нито един ред с данни.")] * len(FORMS)
