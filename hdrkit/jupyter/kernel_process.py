"""IPython's kernel with a log: `python -m hdrkit.jupyter.kernel_process LOG ...`, the rest as for `ipykernel_launcher`.

What libraries written in C print, and programs that cells start, goes to the file LOG. What cells themselves print
goes to the notebook as ever.
"""

import os
import sys

if __name__ == "__main__":
    # The folder it is started in, first in the path, comes back as IPython starts; until then, a student's random.py
    # must not be taken for Python's. So nothing else is imported before this.
    if not sys.flags.safe_path:
        del sys.path[0]
    log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)

    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
