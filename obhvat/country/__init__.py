"""Figures of many oblasts in one store, and no row of a child: an oblast signs a file a month, the ministry compares.

Each oblast keeps a store of its own. What it sends is what the press may be told of the oblast as a whole: the
strictest audience, and nothing below the oblast.
"""

DATASET = "country_figures"
"""What a file of figures is in `batches` and `slices`: a batch that replaces an oblast's month."""
FLAG = "country"
"""The setting of a store that is of the country."""

__all__ = ["DATASET", "FLAG"]
