"""Words of C libraries stay off the terminal, also where several threads are at it, and come back after."""

import os
from concurrent.futures import ThreadPoolExecutor

from hdrkit.core.quiet import quiet


def test_standard_error_is_quiet_inside_and_back_after(capfd):
    def speak(_):
        with quiet:
            os.write(2, b"from C\n")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(speak, range(50)))
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"
