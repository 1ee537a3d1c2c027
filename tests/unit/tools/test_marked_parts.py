"""Marked parts of a page are made anew, and nothing else."""

from marked_parts import renewed

PAGE = "Before.\n<!-- results: one -->\nold\n<!-- end -->\nBetween.\n<!-- course: one -->\nkept\n<!-- end -->\nAfter.\n"


def test_only_the_parts_of_the_kind_asked_for_are_made_anew():
    new = renewed(PAGE, "results", str.upper)
    assert new == PAGE.replace("\nold\n", "\n\nONE\n")
    assert renewed(new, "results", str.upper) == new
