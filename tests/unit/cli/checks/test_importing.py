import pytest

from hdrkit.cli.checks import importing
from hdrkit.cli.checks.importing import Imports


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """A folder of modules, each of which goes wrong in another way when it is imported."""
    sources = {
        "fine_first": "print('I greet')",
        "raises": "raise ValueError('one line\\nand another')",
        "gone_inside": "import no_such_module_at_all",
        "leaves": "raise SystemExit(0)",
        "aborts": "import os; os.abort()",
        "hangs": "import time; time.sleep(1000)",
        "fine_last": "",
    }
    for name, source in sources.items():
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return list(sources)


def test_each_failure_is_found_also_after_one_that_ends_the_process(modules, monkeypatch):
    monkeypatch.setattr(importing, "SECONDS", 4)
    with Imports(modules) as running:
        failed = running.failures()
    assert list(failed) == ["raises", "gone_inside", "leaves", "aborts", "hangs"]
    assert failed["raises"] == "ValueError: one line and another"
    assert failed["gone_inside"] == "ModuleNotFoundError: No module named 'no_such_module_at_all'"
    assert failed["leaves"] == "SystemExit: 0"
    assert failed["aborts"] in ("crashed (SIGABRT)", "ended with status 3")
    assert failed["hangs"] == "no answer in 4 seconds"


def test_what_can_be_imported_does_not_fail(modules):
    with Imports([modules[0], modules[-1], "json"]) as running:
        assert running.failures() == {}
    with Imports([]) as running:
        assert running.failures() == {}
