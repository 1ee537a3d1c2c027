"""The runner on throwaway notebooks; a kernel takes about two seconds to start."""

import json
import signal
import subprocess
import sys
import time

import nbformat
import pytest

import hdrkit.reproduction.runner as reproduction
from hdrkit.core import code_key
from hdrkit.core.errors import HdrkitError
from hdrkit.reproduction.runner import reproduce

COUNT = 'from pathlib import Path\nwith open(Path(out) / "ran.txt", "a") as log: log.write(f"{epochs}\\n")'


@pytest.fixture
def run(folder):
    def run(*settings, profile=None):
        profile = profile or str(folder / "tiny.yaml")
        return reproduce(profile, folder / "brackets", folder / "out", settings, folder / "notebooks")

    return run


def ran(folder):
    path = folder / "out" / "ran.txt"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def test_runs_in_order_then_skips_what_has_not_changed(folder, write_notebook, run, monkeypatch):
    write_notebook("01_first", COUNT)
    second = write_notebook("02_second", COUNT.replace("{epochs}", "second"))
    page = run()
    assert ran(folder) == ["2", "second"]
    assert page.is_file() and (folder / "out" / "notebooks" / "02_second.html").is_file()
    assert 'href="notebooks/glossary.html"' in page.read_text(encoding="utf-8")

    written = {path: path.stat().st_mtime_ns for path in (folder / "out" / "notebooks").iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr(reproduction, "execute", lambda *_: pytest.fail("run again"))
        run()
    assert ran(folder) == ["2", "second"]
    assert {path: path.stat().st_mtime_ns for path in (folder / "out" / "notebooks").iterdir()} == written

    second.write_text(second.read_text(encoding="utf-8").replace("second", "changed"), encoding="utf-8")
    run()
    assert ran(folder) == ["2", "second", "changed"]

    run("epochs=5")  # changes the first, and so all that follow
    assert ran(folder)[3:] == ["5", "changed"]

    (folder / "brackets" / "scene.txt").write_text("other pixels", encoding="utf-8")
    run("epochs=5")
    assert ran(folder)[5:] == ["5", "changed"]


def test_the_archive_of_a_survey_may_be_deleted_once_it_is_unpacked(folder, write_notebook, run):
    write_notebook("01_first", COUNT)
    for name in ("HDRPS_Raws.zip", "507.exr", "checksums.csv"):
        (folder / "brackets" / name).write_bytes(b"read by no notebook")
    run()
    for name in ("HDRPS_Raws.zip", "507.exr", "checksums.csv"):
        (folder / "brackets" / name).unlink()
    run()
    assert ran(folder) == ["2"]


def test_a_comma_in_the_text_makes_the_page_anew_and_runs_nothing(folder, write_notebook, run):
    path = write_notebook("01_first", COUNT, "6 * 7")
    node = nbformat.read(path, as_version=4)
    node.cells.insert(1, nbformat.v4.new_markdown_cell("First then second."))
    nbformat.write(node, path)
    write_notebook("02_second", COUNT)
    run()
    before = (folder / "out" / "notebooks" / "02_second.html").stat().st_mtime_ns

    node.cells[1].source = "First, then second."
    node.cells.append(nbformat.v4.new_markdown_cell("The end."))
    nbformat.write(node, path)
    run()
    assert ran(folder) == ["2", "2"]
    page = (folder / "out" / "notebooks" / "01_first.html").read_text(encoding="utf-8")
    assert "First, then second." in page and "The end." in page and "42" in page
    assert 'href="02_second.html"' in page and 'href="../report.html"' in page
    executed = nbformat.read(folder / "out" / "notebooks" / "01_first.ipynb", as_version=4)
    assert executed.cells[4].outputs and executed.cells[1].metadata.tags == ["injected-parameters"]
    assert (folder / "out" / "notebooks" / "02_second.html").stat().st_mtime_ns == before
    run()
    assert ran(folder) == ["2", "2"]


def test_a_notebook_runs_again_when_scores_before_it_change(folder, write_notebook, run):
    score = "from hdrkit.reproduction import store; store.write_numbers(out, {name!r}, {{'a': {value}}})"
    first = write_notebook("01_first", COUNT, score.format(name="first", value=1))
    write_notebook("02_second", COUNT.replace("{epochs}", "second"), score.format(name="second", value=2))
    run()
    first.write_text(first.read_text(encoding="utf-8").replace("'a': 1", "'a': 3"), encoding="utf-8")
    run()
    assert ran(folder) == ["2", "second", "2", "second"]
    first.write_text(
        first.read_text(encoding="utf-8").replace("'a': 3", "'a': 1 + 2"), encoding="utf-8"
    )  # other code, the same score
    run()
    assert ran(folder)[4:] == ["2"]


def test_code_that_a_notebook_imports_is_part_of_its_key(folder, write_notebook, run, monkeypatch):
    write_notebook("01_first", COUNT, "from hdrkit.images import srgb")
    write_notebook("02_second", COUNT.replace("{epochs}", "second"))
    run()
    real = code_key.digest
    monkeypatch.setattr(
        code_key, "digest", lambda code: real(code) + ("x" if "hdrkit.images.srgb" in code.modules else "")
    )
    run()
    assert ran(folder) == ["2", "second", "2"]


def test_a_sentence_that_does_not_hold_fails_the_kits_own_run(folder, write_notebook, run, monkeypatch, capsys):
    claim = "from hdrkit.display.prose import Prose; Prose(out, '01_first').claim('One is two.', 1 == 2)"
    write_notebook("01_first", claim)
    page = run()
    assert "01_first: One is two." in capsys.readouterr().err
    assert "Not so in this run:" in (folder / "out" / "notebooks" / "01_first.html").read_text(encoding="utf-8")
    assert page.is_file()
    monkeypatch.setattr(reproduction, "OWN_RUN", ("tiny", "brackets"))
    with pytest.raises(HdrkitError, match="1 sentences .* do not hold in this run: 01_first: One is two."):
        run()
    run("epochs=3")  # the text was not written for other parameters


def test_a_sentence_that_contradicts_the_ledger_fails_the_kits_own_run(folder, write_notebook, run, monkeypatch):
    claim = "from hdrkit.display.prose import Prose; Prose(out, '01_first').claim('It fits.', True, parameters={!r})"
    number = "from hdrkit.reproduction import store; store.write_numbers(out, '05', {'parameters_total': 22467992})"
    monkeypatch.setattr(reproduction, "OWN_RUN", ("tiny", "brackets"))
    write_notebook("01_first", number, claim.format("reproduced"))
    page = run()
    write_notebook("01_first", number, claim.format("not reproduced"))
    with pytest.raises(HdrkitError, match="01_first: It fits. .*“not reproduced”.*`parameters`: “reproduced”"):
        run()
    assert "It fits. (which stands for" in page.read_text(encoding="utf-8")


def test_a_rerun_with_nothing_changed_imports_nothing_heavy(folder, write_notebook, run):
    write_notebook("01_first", "1 + 1")
    run()
    script = (
        "import sys; from hdrkit.reproduction.runner import reproduce;"
        f"reproduce({str(folder / 'tiny.yaml')!r}, {str(folder / 'brackets')!r}, {str(folder / 'out')!r}, (),"
        f"{str(folder / 'notebooks')!r}); print([m for m in ('tensorflow', 'papermill', 'cv2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert "01_first  unchanged" in done.stderr


def test_lost_or_altered_results_are_made_again_and_stale_ones_removed(folder, write_notebook, run):
    write = "from hdrkit.core.files import written_whole as new\n"
    write += 'with new(f"{out}/figures/01_a.txt") as p: p.write_text("{}")\n'
    write += 'with new(f"{out}/weights.json") as p: p.write_text("{}")'
    notebook = write_notebook("01_first", COUNT, write)
    run()
    for times, name in enumerate(("figures/01_a.txt", "weights.json"), 2):
        (folder / "out" / name).write_text("tampered", encoding="utf-8")
        run()
        assert (folder / "out" / name).read_text(encoding="utf-8") == "{}"
        assert len(ran(folder)) == times

    notebook.write_text(notebook.read_text(encoding="utf-8").replace("01_a", "01_b"), encoding="utf-8")
    run()
    assert [p.name for p in (folder / "out" / "figures").iterdir()] == ["01_b.txt"]


def test_stops_at_the_first_failure_naming_notebook_and_cell(folder, write_notebook, run):
    write_notebook("01_first", "1 + 1", 'print("so far"); raise ValueError("no such\\nscene in `x`")')
    write_notebook("02_second", COUNT)
    with pytest.raises(HdrkitError, match=r"^01_first.ipynb, cell \[4\]: scene in `x`"):
        run()
    assert ran(folder) == []
    partial = (folder / "out" / "notebooks" / "01_first.ipynb").read_text(encoding="utf-8")
    assert "so far" in partial and "no such" in partial
    assert not (folder / "out" / "notebooks" / "01_first.html").exists()
    with pytest.raises(HdrkitError):  # it is not taken for done
        run()


@pytest.mark.parametrize(
    ("profile", "settings", "message"),
    [
        ("epoch: 2", (), "unknown parameter `epoch`; known are .*epochs"),
        ("epochs: 1e1", (), r"`epochs` must be a whole number, not text \('1e1'\)"),
        ("epochs: 2.0", (), r"`epochs` must be a whole number, not a number \(2.0\)"),
        ("epochs: true", (), "`epochs` must be a whole number, not true or false"),
        ("epochs: 2", ("epochs=many",), r"-p: parameter `epochs` must be a whole number, not text \('many'\)"),
        ("epochs: 2", ("wdith=0.5",), "-p: unknown parameter `wdith`"),
        ("epochs: 2", ("out=elsewhere",), "-p: unknown parameter `out`"),
        ("epochs: 2", ("epochs",), "-p epochs: write a parameter as name=value"),
        ("- epochs", (), "a profile is a list of `name: value` lines"),
        ("epochs: [", (), "not readable as YAML"),
    ],
)
def test_wrong_parameters_are_named_before_anything_runs(folder, write_notebook, run, profile, settings, message):
    write_notebook("01_first", COUNT)
    (folder / "tiny.yaml").write_text(profile, encoding="utf-8")
    with pytest.raises(HdrkitError, match=message):
        run(*settings)
    assert not (folder / "out").exists()


def test_profiles_and_surveys_that_do_not_exist(folder, write_notebook, run):
    write_notebook("01_first", COUNT)
    with pytest.raises(HdrkitError, match="no such profile; choose one of full, paper, quick, smoke"):
        run(profile="fast")
    with pytest.raises(HdrkitError, match="no such folder"):
        reproduce(str(folder / "tiny.yaml"), folder / "none", folder / "out", (), folder / "notebooks")
    assert ran(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process at once, without a signal")
def test_a_killed_run_goes_on_with_the_notebook_it_was_in(folder, write_notebook, run):
    write_notebook("01_first", COUNT.replace("{epochs}", "first"))
    write_notebook("02_second", COUNT, 'import time\nif not Path("../go").exists(): time.sleep(60)')
    arguments = [sys.executable, "-m", "hdrkit", "reproduce", "--profile", str(folder / "tiny.yaml")]
    arguments += ["--survey", str(folder / "brackets"), "--out", str(folder / "out")]
    script = (
        "import sys, hdrkit.reproduction.runner as r; from pathlib import Path; from hdrkit.cli.main import main;"
        f"run = r.reproduce; r.reproduce = lambda *a: run(*a, notebooks=Path({str(folder / 'notebooks')!r}));"
        "sys.exit(main(sys.argv[1:]))"
    )
    for kind, status in ((signal.SIGKILL, -9), (signal.SIGTERM, 143)):
        process = subprocess.Popen([sys.executable, "-c", script, *arguments[3:]], stderr=subprocess.PIPE, text=True)
        wait_for(lambda: ran(folder)[-1:] == ["2"])
        with pytest.raises(HdrkitError, match="another run is using this folder"):
            run()
        process.send_signal(kind)
        errors = process.communicate(timeout=300)[1]
        assert process.returncode == status
        assert "Traceback" not in errors
        assert ran(folder)[0] == "first" and ran(folder).count("first") == 1
        (folder / "out" / "ran.txt").write_text("first\n", encoding="utf-8")
    assert "hdrkit: interrupted; finished notebooks and epochs of training are kept; to go on: " in errors
    (folder / "go").touch()
    run()
    assert ran(folder) == ["first", "2"]


def wait_for(condition):
    hung = time.monotonic() + 300
    while not condition():
        if time.monotonic() > hung:
            pytest.fail("it hangs")
        time.sleep(0.1)


def test_pages_need_no_network_and_no_script(folder, write_notebook, run):
    path = write_notebook(
        "01_first",
        "import ipywidgets; ipywidgets.IntSlider()",
        "from IPython.display import HTML; HTML(\"<script src='https://example.org/x.js'></script><b>shown</b>\")",
    )
    node = nbformat.read(path, as_version=4)
    text = "With $x_1 < y$ and\n\n$$E = m c^2$$\n\nbut `$PATH$`, 5 $ and 6 $."
    node.cells.append(nbformat.v4.new_markdown_cell(text))
    nbformat.write(node, path)
    run()
    page = (folder / "out" / "notebooks" / "01_first.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "An interactive widget" in page and "<b>shown</b>" in page
    assert page.count("<math") == 2 and 'display="block"' in page
    assert "<code>$PATH$</code>" in page and "5 $ and 6 $" in page


def test_run_json_says_where_numbers_come_from(folder, write_notebook, run):
    write_notebook("01_first", "1 + 1")
    run("epochs=3")
    facts = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))
    assert facts["profile"] == "tiny" and facts["survey"] == "brackets"
    assert facts["parameters"]["epochs"] == 3 and facts["parameters"]["seed"] == 1
    assert facts["machine"]["cores"] >= 1 and facts["versions"]["python"].startswith("3.")
    assert facts["seconds"]["01_first"] > 0 and len(facts["sha256"]["survey"]) == 64


def test_results_do_not_go_into_the_survey(folder, write_notebook):
    write_notebook("01_first", COUNT)
    for out in (folder / "brackets", folder / "brackets" / "build" / "quick"):
        with pytest.raises(HdrkitError, match="lies in the survey's folder; choose another --out"):
            reproduce(str(folder / "tiny.yaml"), folder / "brackets", out, (), folder / "notebooks")
    assert [path.name for path in (folder / "brackets").rglob("*")] == ["scene.txt"]


def test_a_state_of_another_folder_removes_nothing_there(folder, write_notebook, run, monkeypatch):
    write_notebook("01_first", COUNT)
    (folder / "mine.txt").touch()
    (folder / "out").mkdir()
    done = {"key": "old", "page_key": "old", "files": {"../mine.txt": "0"}}
    (folder / "out" / ".state.json").write_text(json.dumps({"notebooks": {"01_first.ipynb": done}}), encoding="utf-8")
    monkeypatch.setattr(reproduction, "execute", lambda *_: pytest.fail("so far, and no further"))
    with pytest.raises(pytest.fail.Exception, match="so far"):
        run()
    assert (folder / "mine.txt").is_file()


@pytest.mark.parametrize("setting", ["cell_minutes=0", "bootstrap=0", "cell_minutes=1e999", "seed=-1"])
def test_a_number_that_makes_no_sense_is_an_error_before_anything_runs(folder, write_notebook, run, setting):
    write_notebook("01_first", COUNT)
    with pytest.raises(HdrkitError, match=f"parameter `{setting.partition('=')[0]}` must be"):
        run(setting)
    assert not (folder / "out").exists()
