"""What all pictures share: colours, type, margins. The colours are those of obhvat/ui/theme.css."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

INK = "#17242B"
MUTED = "#5A6B74"
LINE = "#D5DEE2"
PAPER = "#FFFFFF"
# Round letters that lie on lines and points.
HALO = ", ".join([f"0px 0px 3px {PAPER}"] * 3)
BLUE = "#0E5A72"
TEAL = "#2C8C7C"
OCHRE = "#D08A1D"
VIOLET = "#6B5B95"
STONE = "#9AA8AF"
# Only for what needs action.
ACT = "#B3261E"
PALE_RED = "#FBE9E7"
# From light to dark; told apart in grey and by colour-blind eyes.
SEQUENCE = ["#E4EFF2", "#BFDAE1", "#8FBECB", "#559CB0", "#22768F", "#0B4B60"]
NO_DATA = "#EEF1F2"

FONT = "Source Sans, Source Sans Pro, Segoe UI, sans-serif"


def finished(figure: go.Figure, height: int, *, size: int = 17) -> go.Figure:
    """The common look: no frame, no legend, no zooming, labels outside never cut."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        font={"family": FONT, "size": size, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        dragmode=False,
        hoverlabel={"bgcolor": INK, "font": {"family": FONT, "size": 16, "color": PAPER}, "bordercolor": INK},
        separators=",\u202f",
    )
    figure.update_xaxes(fixedrange=True, automargin=True, zeroline=False, linecolor=LINE, showgrid=False)
    figure.update_yaxes(fixedrange=True, automargin=True, zeroline=False, linecolor=LINE, gridcolor=LINE)
    return figure


def floats(column: Iterable) -> np.ndarray:
    """Numbers of any column, with NaN where there is none, whatever stands for nothing there."""
    return np.array([np.nan if pd.isna(value) else float(value) for value in column], dtype=float)
