"""The one exception that users are meant to see."""


class HdrkitError(Exception):
    """A failure the user can mend.

    The message is one line: which file, what is wrong, what to do.
    The command line prints it and exits with status 1, without a traceback. A notebook shows it alone, too.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback; the cell fails all the same."""
        return [str(self)]


def in_one_line(error: Exception) -> str:
    """Return an error in one line: a HdrkitError's message, and of any other error its kind, too.

    >>> in_one_line(HdrkitError("a.jpg: cut short")), in_one_line(ValueError("two\\nlines")), in_one_line(KeyError())
    ('a.jpg: cut short', 'ValueError: two lines', 'KeyError')
    """
    words = " ".join(str(error).split())
    if isinstance(error, HdrkitError):
        return words
    return ": ".join(filter(None, [type(error).__name__, words]))
