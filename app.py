"""The application: page config, navigation, and what every page shares. Pages are in pages/."""

from obhvat.ui.shell import run

run()
