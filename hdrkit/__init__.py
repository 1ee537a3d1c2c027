"""hdrkit: exposure normalization from one photograph; a report reproduced, audited and surpassed."""

import importlib
import os

# TensorFlow reads this when it is first imported. Its oneDNN kernels train 1.4 times as fast on AVX2 processors,
# where they are off unless asked for.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# Its C++ log tells of fallback kernels on every start; what really fails raises in Python as well.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

__version__ = "0.1.0"  # the one place; pyproject.toml takes it from here
_SHORTCUTS = {"Survey": "hdrkit.dataset.survey", "enhance": "hdrkit.enhancement.api"}


def __getattr__(name: str):
    """Import what is asked for when it is: `import hdrkit` alone is instant."""
    if name not in _SHORTCUTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_SHORTCUTS[name]), name)


def __dir__() -> list[str]:
    """Return what Tab offers, the shortcuts among it."""
    return sorted({*globals(), *_SHORTCUTS})
