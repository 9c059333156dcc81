"""Streamlit pieces: the server, the shell of every page, filters, tiles, tables, theme. Nothing here computes a
figure; nothing below here knows Streamlit."""
