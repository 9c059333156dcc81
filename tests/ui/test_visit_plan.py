"""A plan of visits while it is being made."""

from datetime import date

from obhvat.ui.inspections.draft import Draft

WEEK = date(2024, 2, 12)
RANKED = ["a", "b", "c", "d", "e"]


def test_a_plan_is_filled_in_the_order_of_the_ranking():
    draft = Draft(WEEK, [])
    draft.fit(RANKED, 3)
    assert draft.schools == ["a", "b", "c"]


def test_a_shorter_plan_keeps_its_first_schools():
    draft = Draft(WEEK, ["c", "a", "b"])
    draft.fit(RANKED, 2)
    assert draft.schools == ["c", "a"]


def test_what_was_moved_stays_where_it_was_put():
    draft = Draft(WEEK, ["a", "b", "c"])
    draft.move("c", -1)
    draft.fit(RANKED, 4)
    assert draft.schools == ["a", "c", "b", "d"]


def test_the_first_cannot_be_moved_higher_nor_the_last_lower():
    draft = Draft(WEEK, ["a", "b"])
    draft.move("a", -1)
    draft.move("b", 1)
    assert draft.schools == ["a", "b"]


def test_what_was_removed_is_not_proposed_again():
    draft = Draft(WEEK, ["a", "b", "c"])
    draft.remove("b")
    draft.fit(RANKED, 3)
    assert draft.schools == ["a", "c", "d"]


def test_what_was_removed_can_be_added_by_hand():
    draft = Draft(WEEK, ["a", "b"])
    draft.remove("b")
    draft.add("b")
    assert (draft.schools, draft.by_hand, draft.removed) == (["a", "b"], {"b"}, set())


def test_a_ranking_that_ends_leaves_the_plan_shorter():
    draft = Draft(WEEK, [])
    draft.fit(RANKED, 9)
    assert draft.schools == RANKED
