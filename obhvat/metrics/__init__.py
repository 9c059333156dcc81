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
    reconciliation,
    series,
)
from obhvat.metrics.metric import Metric, all_metrics, metric

__all__ = [
    "CASE_PARTS",
    "Figure",
    "Metric",
    "Reconciliation",
    "Scope",
    "all_metrics",
    "answer_as_json",
    "default_period",
    "figure",
    "institutions",
    "metric",
    "reconciliation",
    "series",
]
