"""The one exception that users are meant to see."""

import unicodedata


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

    Names of files may hold what moves a terminal's cursor or colours it; such characters are spelt.

    >>> in_one_line(HdrkitError("a.jpg: cut short")), in_one_line(ValueError("two\\nlines")), in_one_line(KeyError())
    ('a.jpg: cut short', 'ValueError: two lines', 'KeyError')
    """
    words = printable(str(error))
    if isinstance(error, HdrkitError):
        return words
    return ": ".join(filter(None, [type(error).__name__, words]))


def printable(text: str) -> str:
    r"""Return a text in one line, its control characters spelt.

    >>> printable("two\nlines, \x1b[31mred")
    'two lines, \\x1b[31mred'
    """
    words = " ".join(text.split())
    if words.isprintable():
        return words
    return "".join(repr(letter)[1:-1] if unicodedata.category(letter) in ("Cc", "Cf") else letter for letter in words)
