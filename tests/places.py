"""Where things are. Not in conftest.py: several folders have one, and `conftest` is whichever came last."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Real public files and samples of the national layouts, when this checkout stands beside them.
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="няма ../shared")
