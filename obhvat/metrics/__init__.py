"""The metric layer: each figure's name, definition, unit, grain, n and N, and where its rows come from, once."""

from obhvat.metrics.accounts import CASE_PARTS, Reconciliation, reconciliation
from obhvat.metrics.answers import answer_as_json
from obhvat.metrics.doubled import doubled_files, doubled_words
from obhvat.metrics.figures import Figure, figure, metrics_in_use, series, year_before
from obhvat.metrics.findings import typical_findings
from obhvat.metrics.metric import Metric, all_metrics, metric
from obhvat.metrics.submission_months import TO_DO, submission_months
from obhvat.metrics.words import (
    change_words,
    comparable,
    doubled_note,
    figure_words,
    lists_words,
    source_words,
    value_words,
    why_no_cases,
)

__all__ = [
    "CASE_PARTS",
    "TO_DO",
    "Figure",
    "Metric",
    "Reconciliation",
    "all_metrics",
    "answer_as_json",
    "change_words",
    "comparable",
    "doubled_files",
    "doubled_note",
    "doubled_words",
    "figure",
    "figure_words",
    "lists_words",
    "metric",
    "metrics_in_use",
    "reconciliation",
    "series",
    "source_words",
    "submission_months",
    "typical_findings",
    "value_words",
    "why_no_cases",
    "year_before",
]
