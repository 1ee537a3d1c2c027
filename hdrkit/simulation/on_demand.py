"""The embedded survey where somebody asks for it. Imports nothing heavy, since most often another survey is meant."""

from pathlib import Path

from hdrkit.core.files import EMBEDDED


def capture_if_embedded(folder: str | Path) -> None:
    """Capture the survey where its folder is named `embedded`; any other must be there already.

    Raises HdrkitError as `embedded_survey.capture` does.
    """
    if Path(folder).name == EMBEDDED.name:
        from hdrkit.simulation.embedded_survey import capture

        capture(folder)
