"""The command line, called from a test."""

import pytest

from hdrkit.cli import main


def refused(arguments, capsys):
    """Call hdrkit with arguments that are bad usage; return the last line that it prints about them."""
    with pytest.raises(SystemExit) as stopped:
        main.main(arguments)
    assert stopped.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]
