"""obhvat (обхват): the dashboard of an oblast's coordination centre under the Mechanism, ПМС № 100/2018.

A file becomes a batch, a batch replaces a slice, everything on screen is a query over the current batches.
"""

__version__ = "0.2.0"
