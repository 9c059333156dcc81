"""Streamlit pieces: the server, the shell of every page, filters, tiles, tables, theme. Nothing here computes a
figure; nothing below here knows Streamlit."""

import sys

from obhvat.language import N_

if "streamlit.web.cli" in sys.modules:
    # `streamlit run` serves app.py, and each file of pages/ by itself, with a server that is not ours: it writes
    # uploads to temporary files and speaks English. Whatever it runs ends here.
    import streamlit

    streamlit.subheader(N_("Спрете тази програма и стартирайте обхват с командата „python -m obhvat“."))
    streamlit.stop()
