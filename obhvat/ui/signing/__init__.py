"""Signing in: the server's own pages, outside Streamlit, and what follows from them in the pages that are open."""
