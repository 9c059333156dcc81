"""A guide for each who uses the program, with pictures of the demonstration."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files

import streamlit as st

from obhvat.language import N_, _, declared
from obhvat.resources import read_toml
from obhvat.ui.session import is_together, viewer
from obhvat.ui.widgets import html

ROLES = N_("За вашата роля")
GUIDES = "ui/help/guides.toml"


def show_guides() -> None:
    """The guide of the role that is chosen: what to do, and what it looks like."""
    # The address holds the Bulgarian name of a role, whoever reads it.
    guides = read_toml(GUIDES)["role"]
    names = [role["name"] for role in guides]
    own = next((n for n, role in enumerate(guides) if is_together() and role["id"] == viewer().role.id), 0)
    roles = dict(zip(names, declared(GUIDES)["role"], strict=True))
    name = st.radio(_("Аз съм"), names, own, format_func=_, horizontal=True, key="role", bind="query-params")
    role = roles[name or names[0]]
    html.show(html.tag("p", role["first"]), *(_step(n, step) for n, step in enumerate(role["step"], 1)))


def _step(n: int, step: dict[str, str]) -> html.Safe:
    picture = declared(GUIDES)["pictures"][step["picture"]]
    words = html.tag("div", html.tag("h3", f"{n}. {step['title']}"), html.tag("p", step["text"]))
    return html.tag(
        "section", words, html.tag("img", src=_picture(step["picture"]), alt=picture["words"]), css="guide-step"
    )


@cache
def _picture(name: str) -> str:
    data = files("obhvat").joinpath(f"ui/help/pictures/{name}.webp").read_bytes()
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}"
