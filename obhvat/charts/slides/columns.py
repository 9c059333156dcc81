"""Pictures that stand: what was and is, how cases add up, a number by month."""

from __future__ import annotations

from collections.abc import Sequence

from obhvat.charts.slides.canvas import (
    ACT,
    HATCHED,
    INK,
    MID,
    MIST,
    MUTED,
    NOTE,
    PETROL,
    RULE,
    SMALLEST,
    WIDTH,
    Canvas,
    wide,
)
from obhvat.meeting.slide import Slide
from obhvat.texts import noun, number

_MOST_BRICKS = 40
_MOST_LINES = 5


def change(slide: Slide, canvas: Canvas) -> None:
    """The first number then and now as two columns; the others as lines with the direction of their change."""
    rows = [(row, now, before) for row, (_, now, before) in zip(slide.rows, slide.data, strict=False)]
    left = 0.0
    if rows and rows[0][2] is not None:
        row, now, before = rows.pop(0)
        left = 660.0
        _then_and_now(canvas, (slide.columns[1], row[1], before or 0), ("сега", row[2], now or 0))
        canvas.words(0, 26, row[0], 560, 52, 44, weight=700)
    rows.sort(key=lambda row: row[2] is None)
    rows = rows[:_MOST_LINES]
    tall = min(canvas.height / max(len(rows), 1), 230)
    for n, (row, now, before) in enumerate(rows):
        y = tall * (n + 0.5)
        if n:
            canvas.line(left, n * tall, WIDTH, n * tall)
        words = row[2] if before is None else f"{row[1]} → {row[2]}"
        x = left
        if before is not None:
            _direction(canvas, left, y, (now or 0) - before)
        x += 76
        size = 84 if wide(words, 84) < 440 else 70
        x += max(canvas.figure(x, y, words, size, PETROL), 400) + 40
        room = WIDTH - x
        canvas.words(x, y - (24 if row[3] else 0), row[0], room, 0.55 * tall, 42)
        if row[3]:
            canvas.words(x, y + 0.29 * tall + 6, row[3], room, 0.36 * tall, 34, MUTED, least=NOTE)


def _direction(canvas: Canvas, x: float, y: float, difference: float) -> None:
    if not difference:
        canvas.path(f"M{x} {y - 11} h48 M{x} {y + 11} h48", INK, 9)
        return
    up = -1 if difference > 0 else 1
    canvas.path(f"M{x} {y - 20 * up} h48 l-24 {40 * up} z", PETROL)


def _then_and_now(canvas: Canvas, *columns: tuple[str, str, float]) -> None:
    most = max(value for *_, value in columns) or 1
    foot = canvas.height - 58
    for n, (label, words, value) in enumerate(columns):
        size = 150 + 50 * n
        tall = max(value / most * (foot - 290), 4)
        x = 290 * n
        canvas.box(x, foot - tall, 266, tall, PETROL if n else MIST, "" if n else MID)
        canvas.figure(x + 133, foot - tall - 0.48 * size, words, size, PETROL if n else MUTED, "middle", 270)
        canvas.words(x + 133, foot + 34, label, 280, 44, SMALLEST, least=NOTE, anchor="middle")
    canvas.line(0, foot, 556, foot, INK, 3)


def waterfall(slide: Slide, canvas: Canvas) -> None:
    """Parts that take away from the whole until what is in work is left; a brick is a case where there are few."""
    numbers = [(label, int(value or 0), left) for label, value, left in slide.data]
    whole = sum(n for _, n, _ in numbers)
    steps = [(label, n) for label, n, left in numbers if not left]
    columns = [("Всички", whole), *steps, ("В работа", sum(n for _, n, left in numbers if left))]
    step = WIDTH / len(columns)
    wide_of = min(0.76 * step, 300)
    foot, top = canvas.height - 112, 190
    scale = (foot - top) / max(whole, 1)
    level = foot - whole * scale
    for n, (label, value) in enumerate(columns):
        x = step * n + (step - wide_of) / 2
        is_part = 0 < n <= len(steps)
        y = level if is_part or not n else foot - value * scale
        colour, edge = (MID, "") if is_part else (PETROL, "") if n else (MIST, MID)
        _bricks(canvas, (x, y, wide_of, value * scale), value if whole <= _MOST_BRICKS else 1, colour, edge)
        size = 110 if is_part else 170
        words = f"−{number(value)}" if is_part else number(value)
        canvas.figure(
            x + wide_of / 2, y - 0.46 * size, words, size, INK if is_part or not n else PETROL, "middle", step - 8
        )
        canvas.words(x + wide_of / 2, foot + 62, label, step - 10, 96, 44, anchor="middle", weight=700, least=NOTE)
        end = y + value * scale if is_part else y
        if n < len(columns) - 1:
            canvas.line(x + wide_of, end, x + step, end, INK, 3)
        if is_part:
            level = end
    canvas.line(0, foot, WIDTH, foot, INK, 3)
    _out_of_work(canvas, steps, step, level, foot)


def _out_of_work(canvas: Canvas, steps: Sequence[tuple[str, int]], step: float, level: float, foot: float) -> None:
    """Under the parts, where there is room, how many they are together."""
    total = sum(n for _, n in steps)
    if len(steps) < 2 or foot - level < 210 or len(steps) * step < 560:
        return
    x0, x1 = step * 1.08, step * (len(steps) + 0.92)
    canvas.path(f"M{x0:.1f} {level + 26:.1f} v20 H{x1:.1f} v-20", INK, 3)
    size = min(110, foot - level - 110)
    words = f"{noun(total, 'случай')} вече не {'е' if total == 1 else 'са'} в работа"
    across = wide(number(total), size) + 24 + wide(words, 44)
    x = (x0 + x1 - across) / 2
    y = (level + 46 + foot) / 2
    canvas.figure(x, y, number(total), size)
    canvas.words(x + wide(number(total), size) + 24, y, words, wide(words, 44) + 4, 100, 44)


def _bricks(canvas: Canvas, place: tuple[float, float, float, float], n: int, colour: str, edge: str) -> None:
    x, y, across, tall = place
    gap = 4 if n > 1 else 0
    for nth in range(n):
        canvas.box(x, y + nth * tall / n, across, tall / n - gap, colour, edge)


def months(slide: Slide, canvas: Canvas) -> None:
    """The newest number large, then a column a month."""
    left = said(slide, canvas)
    draw_months(canvas, [(label, value, "") for label, value, *_ in slide.data], (left, 0, WIDTH - left, canvas.height))


def draw_months(
    canvas: Canvas,
    columns: Sequence[tuple[str, float | None, str]],
    place: tuple[float, float, float, float],
) -> None:
    """A column a month in a place (x, y, width, height): label, number (None is hidden or not known), its words."""
    x, y, across, tall = place
    step = across / max(len(columns), 1)
    most = max((value for _, value, _ in columns if value is not None), default=0) or 1
    foot, top = y + tall - 64, y + 84
    # As large as the widest number may be over its column.
    texts = [words or number(value) for _, value, words in columns if value is not None]
    size = max(SMALLEST, min(72, *(72 * step / wide(text, 72) * 0.94 for text in texts))) if texts else 64
    for n, (label, value, words) in enumerate(columns):
        middle = x + step * (n + 0.5)
        canvas.words(middle, foot + 34, label, step - 6, 44, SMALLEST, least=NOTE, anchor="middle")
        if value is None:
            canvas.box(middle - 0.34 * step, foot - 60, 0.68 * step, 60, HATCHED, MUTED)
            continue
        high = value / most * (foot - top)
        is_last = n == len(columns) - 1
        canvas.box(middle - 0.34 * step, foot - high, 0.68 * step, high, PETROL if is_last else MIST, MID)
        canvas.words(
            middle, foot - high - 0.5 * size - 4, words or number(value), step + 20, size * 1.2, size,
            PETROL if is_last else INK, weight=800, anchor="middle", least=SMALLEST,
        )  # fmt: skip
    canvas.line(x, foot, x + across, foot, INK, 3)


def said(slide: Slide, canvas: Canvas, width: float = 540) -> float:
    """The main number with what it counts and how it changed, at the left; returns where the rest begins."""
    if not slide.figure:
        return 0
    size = 250 if len(slide.figure) < 4 else 150
    canvas.figure(0, 0.42 * size, slide.figure, size, ACT if slide.is_late else PETROL, width=width)
    y = 0.9 * size + 30
    tall = canvas.words(0, y + 80, slide.figure_note, width, 170, 48)
    y += 80 + tall / 2
    if slide.change:
        canvas.line(0, y + 34, width * 0.5, y + 34, RULE, 4)
        canvas.words(0, y + 150, slide.change, width, 200, 42, weight=700)
    return width + 70
