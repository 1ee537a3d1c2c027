"""Running one notebook through papermill, in a kernel of this Python, with one line about what stopped it."""

import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.profiles import Value
from hdrkit.jupyter.course import cells_of
from hdrkit.jupyter.status_line import ALONE, Place, StatusLine


def execute(
    source: Path, target: Path, values: Mapping[str, Value], cell_minutes: float, log: Path, place: Place = ALONE
) -> float:
    """Run one notebook through papermill into `target` and return the seconds it took.

    cell_minutes: the longest time for one cell. log: what the notebook and its kernel print is added to this file.
    place: where it stands in a run, for the status line.
    A failing notebook stays where it stopped. Raises HdrkitError naming notebook, cell and the error's last line.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError

    from hdrkit.jupyter.kernel import own_kernel

    logging.getLogger("papermill").addHandler(logging.NullHandler())  # failures are said once, below
    target.parent.mkdir(parents=True, exist_ok=True)
    cells = sum(kind == "code" for kind, _ in cells_of(source)) + 1  # papermill adds one, with the parameters
    with (
        tempfile.TemporaryDirectory(prefix="hdrkit-") as settings,
        StatusLine(source.stem, cells, log, place) as status,
    ):
        try:
            papermill.execute_notebook(
                _literal_path(source),
                _literal_path(target),
                dict(values),
                kernel_name="python3",
                kernel_manager_class=own_kernel(settings, status.log),
                cwd=source.parent,
                progress_bar=False,
                start_timeout=180,
                execution_timeout=round(cell_minutes * 60),
                stdout_file=status,
                stderr_file=status,
                on_cell_start=status.cell_start,
            )
        except (papermill.PapermillExecutionError, CellTimeoutError, RuntimeError) as error:
            cell, why = _why(error, status.cell, cell_minutes)
            goes_on = "the same command goes on with this notebook"
            raise HdrkitError(f"{source.name}, cell [{cell}]: {why} (see {target}); {goes_on}") from None
        return status.seconds


def _why(error: Exception, cell: int, cell_minutes: float) -> tuple[int, str]:
    """Return the number of the cell that failed, given the one that was last begun, and the reason in one line."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import PapermillExecutionError

    if isinstance(error, PapermillExecutionError):
        kind = "" if error.ename == HdrkitError.__name__ else f"{error.ename}: "
        return error.exec_count, f"{kind}{error.evalue}".strip().splitlines()[-1]
    if isinstance(error, CellTimeoutError):
        return cell, f"took longer than {cell_minutes:g} minutes (parameter `cell_minutes`)"
    if isinstance(error, DeadKernelError):
        return cell, "its Python died, often for lack of memory"
    return cell, f"its Python does not answer: {error}"


def _literal_path(path: Path) -> str:
    return str(path).replace("{", "{{").replace("}", "}}")  # papermill formats paths with the parameters
