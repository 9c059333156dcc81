from pathlib import Path

import pytest

from obhvat.datasets import all_datasets
from obhvat.ingest import Source, read_files
from obhvat.reports.templates import file_name, template

TEMPLATES = Path(__file__).resolve().parents[2] / "data" / "templates"
FORMS = ("xlsx", "csv", "parquet")


def test_the_templates_in_data_are_the_ones_the_program_makes():
    made = {file_name(d, "csv", filled=True): template(d, "csv", filled=True) for d in all_datasets()}
    kept = {path.name: path.read_bytes() for path in TEMPLATES.iterdir()}
    assert kept == made


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dataset", all_datasets(), ids=lambda d: d.name)
def test_example_rows_are_read_back_without_a_fault(dataset, form):
    upload = read_files([Source(file_name(dataset, form, filled=True), template(dataset, form, filled=True))], None)
    [report] = upload.files
    assert (report.dataset, report.refused, report.rows_rejected) == (dataset, None, 0)
    assert report.rows_good == len(dataset.fields[0].examples)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dataset", all_datasets(), ids=lambda d: d.name)
def test_an_empty_template_is_known_and_says_that_it_is_empty(dataset, form):
    upload = read_files([Source(file_name(dataset, form, filled=False), template(dataset, form, filled=False))], None)
    [report] = upload.files
    assert (report.dataset, report.refused) == (dataset, "Под заглавието няма нито един ред с данни.")
