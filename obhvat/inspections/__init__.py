"""Inspections: which schools were checked, what was found, and where to go next."""
