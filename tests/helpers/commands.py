"""The command line, called from a test."""

import os
import signal

import pytest

from hdrkit.cli import main


def refused(arguments, capsys):
    """Call hdrkit with arguments that are bad usage; return the last line that it prints about them."""
    with pytest.raises(SystemExit) as stopped:
        main.main(arguments)
    assert stopped.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def on_terminal(command, wait_for=None):
    """Run a command on a terminal of its own; return its status and all that it shows, without returned carriages.

    Where it shows `wait_for`, Ctrl-C is pressed.
    """
    import pty  # not on Windows
    import termios

    process, terminal = pty.fork()
    if process == 0:
        try:
            termios.tcsetwinsize(2, (24, 100))
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a shell's background job would ignore
            os.execv(command[0], [str(word) for word in command])
        finally:
            os._exit(127)
    shown, pressed = b"", False
    while more := _read(terminal):
        shown += more
        if wait_for and not pressed and wait_for.encode() in shown:
            os.write(terminal, b"\x03")
            pressed = True
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return status, shown.decode().replace("\r\n", "\n").replace("^C", "")


def _read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # of Linux, when the command has ended
        return b""
