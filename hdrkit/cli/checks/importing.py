"""Import packages in a process of their own: one that is installed may still fail, or crash."""

from collections.abc import Sequence

from hdrkit.cli.checks.child import Child

SECONDS = 120  # TensorFlow's first import, on a slow disk, takes half of that
FAILED = " failed: "
# Says each name before its import, so that a crash tells whose it was. What modules print themselves goes elsewhere.
CODE = f"""
import importlib, os, sys
answers, sys.stdout = sys.stdout, sys.stderr
sys.modules["rfc3987_syntax"] = None  # two seconds of building a grammar, which jsonschema does without
for name in sys.argv[1:]:
    print(name, file=answers, flush=True)
    try:
        importlib.import_module(name)
    except BaseException as error:
        line = " ".join(f"{{type(error).__name__}}: {{error}}".split())
        print(name + "{FAILED}" + line, file=answers, flush=True)
os._exit(0)  # what a library does at its end is no matter of its import
"""


class Imports:
    """The import of several modules, one after another, that has been started."""

    def __init__(self, names: Sequence[str]):
        self._names, self._child = list(names), Child(CODE, *names)

    def __enter__(self) -> "Imports":
        return self

    def __exit__(self, *_: object) -> None:
        self._child.__exit__()

    def failures(self) -> dict[str, str]:
        """Wait for it; return the names of those that failed, each with a line why."""
        printed, crash = self._child.answer(SECONDS)
        lines = printed.splitlines()
        failed = dict(line.split(FAILED, 1) for line in lines if FAILED in line)
        if crash:
            last = lines[-1].split(FAILED)[0] if lines else self._names[0]
            failed[last] = crash
            if rest := self._names[self._names.index(last) + 1 :]:
                with Imports(rest) as others:
                    failed |= others.failures()
        return failed
