from hypothesis import given
from hypothesis import strategies as st
from standing_in import standing_in

digits = st.text("019", min_size=1, max_size=12)


@given(st.lists(st.one_of(digits, st.text("КГ-01", min_size=1, max_size=6))), st.lists(digits), st.text("КГ-01 x"))
def test_it_finds_what_in_finds(sought: list[str], said: list[str], more: str):
    # Also those whose number is only a part of what is said.
    text = "x".join([*said, more, *(f"1{one}0" for one in sought[::2])])
    assert standing_in(text, sought) == {one for one in sought if one in text}
