"""Long lists of names, in a line."""

from collections.abc import Sequence

NAMED = 5  # of the files or scenes that a line names


def some(names: Sequence[str], named: int = NAMED) -> str:
    """Name the first of many.

    >>> some(["a", "b"]), some("abcdefg")
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    more = f" and {len(names) - named} more" if len(names) > named else ""
    return ", ".join(names[:named]) + more
