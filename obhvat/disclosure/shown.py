"""What is seen of a number: its words, or that it is hidden and why."""

from __future__ import annotations

from dataclasses import dataclass

from obhvat.disclosure.protection import SMALLEST_SHOWN

HIDDEN = "скрито"
SHORT_HIDDEN = "скр."
"""The same in a narrow column."""
FEW = f"под {SMALLEST_SHOWN}"
"""The same in a sentence."""
WHY = "от малко число може да се познае дете"
SMALL_ARE_HIDDEN = "Малките числа са скрити: от тях може да се познае дете."
ONLY_INSIDE = "По общини и училища се показва само във вътрешния изглед."


@dataclass(frozen=True)
class Shown:
    """What an audience sees of a number. Made by `Disclosure` only."""

    text: str
    """Words for the screen: „14“, „38 от 40“, „3,45“, „няма данни“, „под 10“, „скрито“."""
    value: float | None = None
    """The number, for a picture or a workbook; None where it is hidden or not known."""
    why: str = ""
    """Why it is hidden; empty when it is not."""

    @property
    def is_hidden(self) -> bool:
        return bool(self.why)

    @property
    def is_band(self) -> bool:
        """Whether of a hidden number its band is told: „под 10“."""
        return self.is_hidden and self.text != HIDDEN
