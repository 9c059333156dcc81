"""What is seen of a number: its words, or that it is hidden and why."""

from __future__ import annotations

from dataclasses import dataclass

from obhvat.language import N_, _

HIDDEN = N_("скрито")
SHORT_HIDDEN = N_("скр.")
"""The same in a narrow column."""
FEW = N_("под 5")
"""The same in a sentence."""
WHY = N_("от малко число може да се познае дете")
SMALL_ARE_HIDDEN = N_("Малките числа са скрити: от тях може да се познае дете.")
ONLY_INSIDE = N_("По общини и училища се показва само във вътрешния изглед.")


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
        return self.is_hidden and self.text != _(HIDDEN)
