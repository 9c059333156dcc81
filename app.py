"""The application: page config, navigation, and what every page shares. Pages are in pages/."""

from obhvat.ui import ahead

ahead.wait()

from obhvat.ui.shell import run  # noqa: E402 - only now

run()
