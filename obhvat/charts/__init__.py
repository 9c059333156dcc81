"""Pictures: a table in, a Plotly figure out. Large type, direct labels, colours that everyone can tell apart."""

from obhvat.charts.bars import waterfall
from obhvat.charts.lines import two_years
from obhvat.charts.maps import Patch, schematic_map

__all__ = ["Patch", "schematic_map", "two_years", "waterfall"]
