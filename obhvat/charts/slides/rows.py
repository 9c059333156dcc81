"""Pictures that lie: a row is a sentence that can be read aloud."""

from __future__ import annotations

from obhvat.charts.slides.canvas import (
    ACT,
    HATCHED,
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
from obhvat.charts.slides.columns import said
from obhvat.meeting.absence_slides import SENT
from obhvat.meeting.decisions import STATES
from obhvat.meeting.slide import MORE, Slide
from obhvat.texts import NO_DATA, noun, out_of, trimmed

_TALLEST = 250
# What a row says of what was sent → which state it is.
_SENT = {words: state for state, words in SENT.items()}
# What a decision is by the day of the meeting: how many there are of it is told in this colour.
_BY_THEN = {"done": ("изпълнени", PETROL), "late": ("закъсняват", ACT), "open": ("предстоят", INK)}


def late(slide: Slide, canvas: Canvas) -> None:
    """Who is late, by how many days, with how many: the latest first and in a larger row; who is not, with a tick."""
    numbers = {label: value for label, value, *_ in slide.data}
    most = max((value or 0 for value in numbers.values()), default=0) or 1
    rows = slide.rows
    tall = min(canvas.height / (len(rows) + 1), _TALLEST)
    y = 0.0
    # One scale for all; what stands after a bar has its room.
    room = WIDTH - 440 - 800
    for n, (name, worst, cases) in enumerate(rows):
        of_row = 2 * tall if not n else tall
        middle = y + of_row / 2
        if n:
            canvas.line(0, y, WIDTH, y)
        days = numbers.get(name)
        canvas.words(0, middle, name, 400, of_row - 12, 64 if not n else 48, weight=700)
        if not days:
            if worst:
                canvas.tick(440, middle, 46)
            canvas.words(520, middle, worst, 1180, of_row - 12, 44, PETROL)
        else:
            amount, _, unit = worst.partition(" ")
            size = max(64, min(0.62 * of_row, 190 if not n else 96))
            long = days / most * room
            canvas.box(440, middle - 0.3 * of_row, long, 0.6 * of_row, ACT)
            x = 440 + long + 24
            x += canvas.figure(x, middle, amount, size, ACT) + 24
            canvas.words(
                x, middle, f"{unit} – {cases} {noun(1 if cases == '1' else 2, 'случай')}", WIDTH - x, of_row - 12, 44
            )
        y += of_row


def ranking(slide: Slide, canvas: Canvas) -> None:
    """Bars with their numbers beside them; where a second number is given it is the part that is not done."""
    left = said(slide, canvas, 500)
    names = {row[0]: row for row in slide.rows}
    shown = slide.data[: len(slide.rows)] if slide.rows else slide.data[:8]
    undone = any(len(numbers) > 1 for _, *numbers in shown)
    most = max((numbers[0] or 0 for _, *numbers in shown), default=0) or 1
    top = 60 if undone else 0
    rows = slide.rows or tuple((label,) for label, *_ in shown)
    shown = shown[: len(rows) - int(rows[-1][0].startswith(MORE))] if rows else shown
    places = bands(rows, top, canvas.height)
    size = max(64, min(110, 0.6 * places[0][1]))
    room = max((wide(row[1], size) for row in rows if len(row) > 1), default=0)
    if undone:
        _key(canvas, left, slide.columns)
    label_width = 520 if WIDTH - left > 900 else 420
    for (name, *numbers), (y, tall) in zip(shown, places, strict=False):
        value = numbers[0]
        row = names.get(name)
        canvas.words(left, y, name, label_width, tall - 14, 50, weight=700)
        x = left + label_width + 30
        words = row[1] if row and len(row) > 1 else NO_DATA if value is None else trimmed(value)
        if value is None:
            canvas.box(x, y - 0.3 * tall, 150, 0.6 * tall, HATCHED, MUTED)
            canvas.words(x + 180, y, words, WIDTH - x - 180, tall - 10, 48, MUTED)
            continue
        long = value / most * (WIDTH - x - room - 30)
        if undone:
            canvas.box(x, y - 0.29 * tall, long, 0.58 * tall, MIST, MID)
            canvas.box(x, y - 0.29 * tall, long * (numbers[1] or 0) / (value or 1), 0.58 * tall, ACT)
        else:
            canvas.box(x, y - 0.29 * tall, max(long, 4), 0.58 * tall, ACT if slide.is_late else PETROL)
        canvas.figure(x + long + 20, y, words, size)
    for row, (y, tall) in zip(rows, places, strict=True):
        if row[0].startswith(MORE):
            canvas.words(left, y, row[0], 900, tall, 44)


def _key(canvas: Canvas, x: float, columns: tuple[str, ...]) -> None:
    canvas.box(x, 6, 36, 36, MIST, MID)
    x += 52
    x += wide("всички", SMALLEST) + 50 if canvas.words(x, 24, "всички", 300, 44, SMALLEST) else 0
    canvas.box(x, 6, 36, 36, ACT)
    canvas.words(x + 52, 24, columns[-1].lower(), 500, 44, SMALLEST)


def decisions(slide: Slide, canvas: Canvas) -> None:
    """What was decided: late above, then what is open, then what is done; how many of each at the left."""
    states = [
        "" if is_done is None else "done" if is_done else "late" if days else "open"
        for _, days, is_done, *_ in slide.data
    ]
    columns = [(name, n, colour) for state, (name, colour) in _BY_THEN.items() if (n := states.count(state))]
    for n, (name, many, colour) in enumerate(columns):
        tall = canvas.height / max(len(columns), 1)
        y = tall * (n + 0.5)
        canvas.figure(0, y - 30, str(many), min(190, 0.6 * tall), colour)
        canvas.words(0, y + min(190, 0.6 * tall) * 0.42 + 16, name, 330, 56, 48, colour, weight=700)
    left = 380.0
    for n, (row, (y, tall)) in enumerate(zip(slide.rows, bands(slide.rows, 0, canvas.height), strict=True)):
        state = states[n] if n < len(states) and not row[0].startswith(MORE) else ""
        if n:
            canvas.line(left, y - tall / 2, WIDTH, y - tall / 2)
        colour = _BY_THEN[state][1] if state else INK
        if state == "done":
            canvas.tick(left, y, 46)
        elif state:
            canvas.box(left, y - 22, 44, 44, "#ffffff", colour)
        text = row[1] or row[0]
        canvas.words(left + 80, y, text, 640, tall - 16, 46, least=SMALLEST)
        words = row[3].removeprefix(f"{STATES['in_progress']}; ") if len(row) > 3 else ""
        who = row[2] if len(row) > 2 else ""
        canvas.words(left + 750, y, who, 240, tall - 16, 44, weight=700)
        canvas.words(left + 1010, y, words, WIDTH - left - 1010, tall - 16, 40, colour, weight=700)


def dates(slide: Slide, canvas: Canvas) -> None:
    """A row a term: the first column large, what is to be done, whose it is, what more is said."""
    # A few decisions are as large as their room lets them be.
    places = bands(slide.rows, 0, canvas.height, 0.5 * canvas.height)
    tall = max((of_row for _, of_row in places), default=0)
    larger = max(1.0, min(1.5, tall / 190))
    n_columns = len(slide.columns)
    first = max((wide(row[0], min(78, 0.6 * tall)) for row in slide.rows), default=0)
    size = 78 if first <= 420 else 78 * 420 / first
    size = max(46, min(size, 0.6 * tall))
    x1 = min(first, 420) + 40
    rest = WIDTH - x1
    shares = {2: (1.0,), 3: (0.7, 0.3), 4: (0.42, 0.34, 0.24), 5: (0.45, 0.2, 0.2, 0.15)}[n_columns]
    for n, (row, (y, of_row)) in enumerate(zip(slide.rows, places, strict=True)):
        if n:
            canvas.line(0, y - of_row / 2, WIDTH, y - of_row / 2)
        if row[0].startswith(MORE):
            canvas.words(0, y, row[0], WIDTH, of_row, 46)
            continue
        is_past = n < len(slide.data) and (slide.data[n][1] or 0) < 0
        canvas.words(0, y, row[0], 430, of_row - 8, size, ACT if is_past else PETROL, weight=800)
        x = x1
        for nth, (cell, share) in enumerate(zip(row[1:], shares, strict=False)):
            canvas.words(
                x, y, cell, rest * share - 30, of_row - 14, (52 if not nth else 44) * larger,
                ACT if is_past and nth == len(shares) - 1 else INK, weight=600 if not nth else 700,
            )  # fmt: skip
            x += rest * share


def table(slide: Slide, canvas: Canvas) -> None:
    """Rows under their captions, columns as wide as their words ask for."""
    left = said(slide, canvas, 480)
    width = WIDTH - left
    if not slide.rows:
        return
    asked = [
        max(4.0, min(34.0, max(len(row[n]) for row in (slide.columns, *slide.rows)))) for n in range(len(slide.columns))
    ]
    widths = [width * each / sum(asked) for each in asked]
    x = left
    for caption, across in zip(slide.columns, widths, strict=True):
        canvas.words(x, 24, caption, across - 20, 48, 36, MUTED, least=NOTE, weight=700)
        x += across
    canvas.line(left, 56, WIDTH, 56, PETROL, 4)
    for row, (y, tall) in zip(slide.rows, bands(slide.rows, 60, canvas.height), strict=True):
        x = left
        if y > 60 + tall:
            canvas.line(left, y - tall / 2, WIDTH, y - tall / 2)
        for nth, (cell, across) in enumerate(zip(row, widths, strict=True)):
            canvas.words(x, y, cell, across - 24, tall - 12, 50, weight=600 if nth else 700)
            x += across


def sent(slide: Slide, canvas: Canvas) -> None:
    """How many have sent, and by month who has not: a tick, a cross, a zero or an empty frame, each with its words."""
    y = 90.0
    x = 0.0
    # A share for schools, one for kindergartens.
    for label, n, of in slide.data:
        end = x + canvas.figure(x, y, out_of(n, of), 150, PETROL if n == of else INK, width=540) + 30
        canvas.words(min(end, x + 570), y, label, 260, 150, 44)
        x += WIDTH / 2
    top = 2 * y + 30
    if not slide.rows:
        return
    canvas.line(0, top - 20, WIDTH, top - 20, INK, 3)
    marks = slide.columns[2:-1]
    step = 88 if len(marks) <= 6 else 620 / len(marks)
    end = 640 + step * len(marks) + 40
    for n, month in enumerate(marks):
        canvas.words(640 + step * (n + 0.5), top + 16, month, step, 44, SMALLEST, least=NOTE, anchor="middle")
    for n, (row, (middle, tall)) in enumerate(
        zip(slide.rows, bands(slide.rows, top + 44, canvas.height, 190), strict=True)
    ):
        if n:
            canvas.line(0, middle - tall / 2, WIDTH, middle - tall / 2)
        place = f"община {row[1]}" if row[1] and tall > 84 else ""
        canvas.words(0, middle - (0.2 * tall if place else 0), row[0], 600, 0.56 * tall if place else tall, 48)
        canvas.words(0, middle + 0.28 * tall, place, 600, 0.4 * tall, 34, MUTED, least=NOTE)
        for nth, state in enumerate(row[2:-1]):
            _mark(canvas, 640 + step * (nth + 0.5), middle, min(64, tall - 12, step - 8), state)
        canvas.words(end, middle, row[-1], WIDTH - end, tall - 10, 48, ACT if row[-1] else INK, weight=700)


def _mark(canvas: Canvas, x: float, y: float, size: float, words: str) -> None:
    if not words:
        return
    state = _SENT.get(words)
    if state == "sent":
        canvas.box(x - size / 2, y - size / 2, size, size, PETROL)
        canvas.tick(x - 0.3 * size, y + 0.02 * size, 0.62 * size, "#ffffff")
        return
    canvas.box(x - size / 2, y - size / 2, size, size, "#ffffff", ACT)
    if state == "missing":
        canvas.cross(x, y, 0.5 * size)
    elif state == "zeros":
        canvas.words(x, y, "0", size, size, 0.7 * size, ACT, weight=800, anchor="middle", least=20)
    elif state == "doubled":
        canvas.words(x, y, "×2", size + 20, size, max(30, 0.6 * size), ACT, weight=800, anchor="middle", least=20)
    else:
        canvas.tick(x - 0.3 * size, y + 0.02 * size, 0.62 * size, ACT)


def work(slide: Slide, canvas: Canvas) -> None:
    """Above what was done, in numbers; below what came of it, narrowing."""
    words = {row[0]: row[1] for row in slide.rows}
    done, came = slide.data[:4], slide.data[4:]
    step = WIDTH / max(len(done), 1)
    half = 0.42 * canvas.height if came else canvas.height
    for n, (name, *_) in enumerate(done):
        x = step * n
        canvas.figure(x, 0.34 * half, words.get(name, NO_DATA), min(200, 0.6 * half), PETROL, width=step - 30)
        canvas.words(x, 0.78 * half, name, step - 30, 0.34 * half, 46)
    if not came:
        return
    canvas.line(0, half + 4, WIDTH, half + 4, INK, 3)
    most = max((value or 0 for _, value, *_ in came), default=0) or 1
    tall = (canvas.height - half - 30) / len(came)
    size = max(64, min(110, 0.7 * tall))
    room = max(wide(words.get(name, NO_DATA), size) for name, value, *_ in came)
    for n, (name, value, *_) in enumerate(came):
        y = half + 30 + tall * (n + 0.5)
        text = words.get(name, NO_DATA)
        canvas.words(0, y, name, 520, tall - 10, 48, weight=700)
        if value is None:
            canvas.box(560, y - 0.36 * tall, 150, 0.72 * tall, HATCHED, MUTED)
            canvas.words(740, y, text, WIDTH - 740, tall, 48, MUTED)
            continue
        long = max(value / most * (WIDTH - 560 - room - 30), 4)
        canvas.box(560, y - 0.36 * tall, long, 0.72 * tall, PETROL if n == len(came) - 1 else MIST, MID)
        canvas.figure(560 + long + 24, y, text, size)
