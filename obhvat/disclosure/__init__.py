"""What an audience may see of figures: the only door from a figure to a screen, a slide or a file (DESIGN §2)."""

from obhvat.disclosure.protection import SMALLEST_SHOWN
from obhvat.disclosure.rules import OBLAST, Audience, Disclosure, Parts
from obhvat.disclosure.shown import FEW, HIDDEN, ONLY_INSIDE, SHORT_HIDDEN, SMALL_ARE_HIDDEN, WHY, Shown

__all__ = [
    "FEW",
    "HIDDEN",
    "OBLAST",
    "ONLY_INSIDE",
    "SHORT_HIDDEN",
    "SMALLEST_SHOWN",
    "SMALL_ARE_HIDDEN",
    "WHY",
    "Audience",
    "Disclosure",
    "Parts",
    "Shown",
]
