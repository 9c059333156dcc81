"""Pictures of municipalities: which schools were checked, and whose share is not by chance."""

from __future__ import annotations

from obhvat.charts.slides.canvas import (
    ACT,
    INK,
    MID,
    MIST,
    MUTED,
    NOTE,
    PETROL,
    SMALLEST,
    WIDTH,
    Canvas,
    bands,
    wide,
)
from obhvat.charts.slides.columns import draw_months
from obhvat.disclosure import HIDDEN
from obhvat.indicators.statistics import binomial_limits
from obhvat.meeting.slide import Slide
from obhvat.periods import short_month_name
from obhvat.texts import number, out_of, percent

_MOST_SQUARES = 60
_MOST_MONTHS = 6


def squares(slide: Slide, canvas: Canvas) -> None:
    """A square a school, the unchecked ones empty and named; where there are many schools, a bar a municipality."""
    rows = [row for row in slide.rows if row[1]]
    numbers = {label: (value or 0, of or 0) for label, value, of in slide.data}
    places = bands(slide.rows, 0, canvas.height, 420)
    tall = max((of_row for _, of_row in places), default=0)
    most = max((numbers[row[0]][1] for row in rows if row[0] in numbers), default=1)
    are_few = sum(of for _, of in numbers.values()) <= _MOST_SQUARES
    left = 480.0
    # Names of those without a check stand beside; they need room.
    across = WIDTH - left - (640 if any(len(row) > 2 and row[2] for row in rows) else 0)
    a_line = max(1, -(-int(most) // 2)) if are_few else 1
    side = min(0.44 * tall, across / a_line)
    for row, (y, of_row) in zip(slide.rows, places, strict=True):
        if y > tall:
            canvas.line(0, y - of_row / 2, WIDTH, y - of_row / 2)
        canvas.words(0, y, row[0], 250 if row[1] else 1200, of_row - 10, 48, weight=700)
        if row[0] not in numbers:
            continue
        checked, of = numbers[row[0]]
        canvas.words(270, y, row[1], 195, tall - 10, 44, ACT if checked < of else MUTED, weight=700)
        end = left + across
        if are_few:
            end = _schools(canvas, left, y, side, (int(checked), int(of)), a_line)
        else:
            long = across * of / most
            canvas.box(left, y - 0.3 * tall, long, 0.6 * tall, "#ffffff", ACT if checked < of else MID)
            canvas.box(left, y - 0.3 * tall, long * checked / (of or 1), 0.6 * tall, PETROL)
        if row[2]:
            x = end + 24
            canvas.words(x, y, row[2], WIDTH - x, tall - 10, 42, ACT, weight=700)


def _schools(canvas: Canvas, x: float, y: float, side: float, schools: tuple[int, int], a_line: int) -> float:
    """Squares of a municipality in one line or two; returns where they end."""
    checked, of = schools
    lines = 1 if of <= a_line else 2
    gap = 0.1 * side
    for nth in range(of):
        at_x = x + (nth % a_line) * side
        at_y = y - lines * side / 2 + (nth // a_line) * side
        if nth < checked:
            canvas.box(at_x, at_y, side - gap, side - gap, PETROL)
            canvas.tick(at_x + 0.18 * side, at_y + 0.46 * side, 0.52 * side, "#ffffff")
        else:
            canvas.box(at_x + 2, at_y + 2, side - gap - 4, side - gap - 4, "#ffffff", ACT)
            canvas.cross(at_x + (side - gap) / 2, at_y + (side - gap) / 2, 0.4 * side)
    return x + min(of, a_line) * side


def share(slide: Slide, canvas: Canvas) -> None:
    """What is and what is missing of one whole, as a bar, each with its number."""
    total = sum(value or 0 for _, value, *_ in slide.data) or 1
    half = canvas.height / 2
    canvas.figure(0, 0.4 * half, slide.figure, 260, PETROL)
    x = wide(slide.figure, 260) + 50
    canvas.words(x, 0.4 * half, slide.figure_note, WIDTH - x, 0.8 * half, 64)
    canvas.words(0, 0.92 * half, slide.change, WIDTH, 60, 42, weight=700)
    x = 0.0
    for nth, (label, value, *_) in enumerate(slide.data):
        long = WIDTH * (value or 0) / total
        canvas.box(x, half + 60, long, half - 190, "#ffffff" if nth else PETROL, ACT if nth else "")
        words = f"{number(value or 0)} {label}"
        if value:
            anchor = "end" if nth else "start"
            canvas.words(
                WIDTH if nth else 0, canvas.height - 60, words, WIDTH / 2 - 20, 110, 60, ACT if nth else PETROL,
                weight=700, anchor=anchor,
            )  # fmt: skip
        x += long


def ranges(slide: Slide, canvas: Canvas) -> None:
    """At the left a municipality's share against the range expected for so many pupils; at the right the oblast by
    month. What is hidden has its range, which depends only on how many pupils it has, and no dot."""
    rows = slide.rows[:-1]
    numbers = {label: tuple(values) for label, *values in slide.data}
    whole, pupils = slide.whole
    overall = (whole or 0) / pupils if pupils else 0.0
    right = 620 if slide.trend else 0
    width = WIDTH - right - (70 if right else 0)
    _oblast(slide, canvas, WIDTH - right, right, overall)
    spans = {}
    for name, values in numbers.items():
        d = values[1]
        if d:
            low, high = (float(each) for each in binomial_limits(d, overall, "95"))
            spans[name] = (low, high)
    shown = {row[0] for row in rows}
    shares = [
        values[0] / values[1]
        for name, values in numbers.items()
        if values[0] is not None and values[1] and name in shown
    ]
    # The range of a place of few pupils is wider than the picture, which is of those that can be compared.
    reach = max([1.7 * overall, *(1.05 * each for each in shares), 0.001])
    left, room = 330.0, width - 330 - 350
    top = 60.0
    places = bands(rows, top, canvas.height - 66, 150)
    tall = max((of_row for _, of_row in places), default=0)
    at = left + overall / reach * room
    foot = places[-1][0] + places[-1][1] / 2 if places else top
    canvas.words(at, 22, f"областта: {percent(whole or 0, pupils or 0, 1)}", 460, 44, 38, anchor="middle", weight=700)
    for row, (y, of_row) in zip(rows, places, strict=True):
        name = row[0]
        canvas.words(0, y, name, 310, of_row - 10, 46, weight=700)
        if name in spans:
            low, high = spans[name]
            x0, x1 = (left + min(each, reach) / reach * room for each in (low, high))
            canvas.box(x0, y - 0.27 * tall, x1 - x0, 0.54 * tall, MIST, MID)
    canvas.line(at, 48, at, foot, INK, 4)
    for row, (y, _) in zip(rows, places, strict=True):
        name = row[0]
        n_over, d, *_ = (*numbers.get(name, ()), None, None)
        x = left + room + 24
        if n_over is None or not d:
            words = f"{row[1]} от {row[2]}" if d and row[1] != HIDDEN else row[1]
            canvas.words(x, y, words if name in numbers else "", WIDTH - right - x - 70, tall - 8, 42, MUTED)
            continue
        part = n_over / d
        low, high = spans[name]
        is_out = part > high
        colour = ACT if is_out else PETROL
        canvas.dot(left + part / reach * room, y, 0.2 * tall, colour)
        canvas.words(x, y - 0.18 * tall, percent(n_over, d, 1), 300, 0.7 * tall, 56, colour, weight=800)
        canvas.words(x, y + 0.28 * tall, out_of(n_over, d), 300, 0.4 * tall, 34, MUTED, least=NOTE)
    canvas.box(0, foot + 16, 46, 30, MIST, MID)
    canvas.words(64, foot + 31, "очаквано при толкова ученици", 700, 44, SMALLEST, MUTED)


def _oblast(slide: Slide, canvas: Canvas, x: float, width: float, overall: float) -> None:
    if not width:
        return
    canvas.line(x - 36, 0, x - 36, canvas.height)
    canvas.figure(x, 80, percent(overall, 1, 1), 170, PETROL, width=width)
    canvas.words(x, 214, slide.change or slide.figure_note, width, 96, 40, weight=700)
    columns = [
        (short_month_name(int(month[:2])), 100 * (n or 0) / (of or 1), number(100 * (n or 0) / (of or 1), 1))
        for month, n, of in slide.trend[-_MOST_MONTHS:]
    ]
    draw_months(canvas, columns, (x, 272, width, canvas.height - 272))
