"""hdrkit: exposure normalization from one photograph; a report reproduced, audited and surpassed.

Subpackages
-----------
In the order in which the data pass through them; each imports only from those above it.

core            errors, files, keys of caches, provenance, progress bars
downloads       surveys and panoramas that others publish
images          raw files, pictures and their metadata, the sRGB curve
display         figures, tables and sentences of the notebooks
simulation      a camera in panoramas, which photographs the embedded survey
brackets        exposures of one scene: their times, their camera's curve, how they lie
dataset         a survey of brackets, aligned, cut into crops and pairs
fusion          all frames of a bracket into one picture: Debevec, Mertens
models          the report's network, its rivals and the kit's own
training        losses and the training loop
evaluation      metrics, oracles, intervals, and a look inside a network
enhancement     the kit's own network: its training pairs, its weights, your photographs
widgets         things to move in the notebooks
ablations       what each choice of the report is worth
exercises       questions of the notebooks, and what judges their answers
jupyter         notebooks: copies for students, execution, pages
reproduction    all notebooks in one run; its tables, verdicts and report
cli             the commands

At the top are `enhance` (one picture in, one out), `Survey` (a folder of brackets) and `__version__`.
"""

import os
from importlib import import_module

# TensorFlow reads this when it is first imported. Its oneDNN kernels train 1.4 times as fast on AVX2 processors,
# where they are off unless asked for.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# Its C++ log tells of fallback kernels on every start; what really fails raises in Python as well.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

__version__ = "0.1.0"  # the one place; pyproject.toml takes it from here

SHORTCUTS = {"Survey": "dataset.survey", "enhance": "enhancement.api"}  # imported when they are first asked for
__all__ = [*SHORTCUTS]


def __getattr__(name: str) -> object:
    """Import what a shortcut names. Nothing but Python is needed for it: `hdrkit doctor` runs where all is missing."""
    if name not in SHORTCUTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{SHORTCUTS[name]}"), name)


def __dir__() -> list[str]:
    """Return what Tab offers."""
    return [*SHORTCUTS, "__version__"]
