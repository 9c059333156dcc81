"""The metric layer: each figure's name, definition, unit, n and N, and its query, once."""

from obhvat.metrics.figures import (
    CASE_PARTS,
    Figure,
    Reconciliation,
    Scope,
    answer_as_json,
    default_period,
    figure,
    institutions,
    metrics_in_use,
    oblast_name,
    reconciliation,
    series,
    year_before,
)
from obhvat.metrics.metric import Metric, all_metrics, metric
from obhvat.metrics.submission_months import TO_DO, submission_months
from obhvat.metrics.words import change_words, comparable, source_words, value_words

__all__ = [
    "CASE_PARTS",
    "TO_DO",
    "Figure",
    "Metric",
    "Reconciliation",
    "Scope",
    "all_metrics",
    "answer_as_json",
    "change_words",
    "comparable",
    "default_period",
    "figure",
    "institutions",
    "metric",
    "metrics_in_use",
    "oblast_name",
    "reconciliation",
    "series",
    "source_words",
    "submission_months",
    "value_words",
    "year_before",
]
