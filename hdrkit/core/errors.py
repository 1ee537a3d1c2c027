"""The one exception that users are meant to see."""


class HdrkitError(Exception):
    """A failure the user can mend.

    The message is one line: which file, what is wrong, what to do.
    The command line prints it and exits with status 1, without a traceback. A notebook shows it alone, too.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback; the cell fails all the same."""
        return [str(self)]
