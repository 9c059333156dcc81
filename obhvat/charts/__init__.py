"""Pictures: a table in, a Plotly figure out. Large type, direct labels, colours that everyone can tell apart."""

from obhvat.charts.bars import reconciliation_bars, waterfall
from obhvat.charts.checks import checks_matrix
from obhvat.charts.dots import diary_gap, yield_dots
from obhvat.charts.grids import heat_map
from obhvat.charts.ladders import findings_bars, ladder_bars
from obhvat.charts.lines import cumulative_coverage, trend_with_threshold, two_years
from obhvat.charts.maps import Patch, schematic_map
from obhvat.charts.needs import need_and_work
from obhvat.charts.quadrants import quadrant
from obhvat.charts.scatter import funnel, precision_recall
from obhvat.charts.survival import survival_curve
from obhvat.charts.timelines import open_cases_timeline

__all__ = [
    "Patch",
    "checks_matrix",
    "cumulative_coverage",
    "diary_gap",
    "findings_bars",
    "funnel",
    "heat_map",
    "ladder_bars",
    "need_and_work",
    "open_cases_timeline",
    "precision_recall",
    "quadrant",
    "reconciliation_bars",
    "schematic_map",
    "survival_curve",
    "trend_with_threshold",
    "two_years",
    "waterfall",
    "yield_dots",
]
