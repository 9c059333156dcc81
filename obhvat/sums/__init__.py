"""Whether numbers that were written add up: a total and its parts, a share, an average, „N пъти“, a table.

A number that does not foot says nothing bad of anybody: it says that a sum was not checked before it was printed.
"""

from obhvat.sums.claims import Addend, Claim, Difference, Ratio, Sum
from obhvat.sums.own import Checked, check

__all__ = ["Addend", "Checked", "Claim", "Difference", "Ratio", "Sum", "check"]
