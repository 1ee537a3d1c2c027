"""The runner: all notebooks, one after the other, through papermill, with one profile on one survey.

What has not changed is not run again: each notebook has a key made of all that it depends on: its code and the code
that it imports, parameters, data, survey, and the scores that the notebooks before it left. Where only its text has
changed, its page is made anew. A run that was killed goes on with the notebook it was in.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hdrkit.core import learned_places, machine, profiles, provenance, references
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA, EMBEDDED, RESULTS, sha256, write_json
from hdrkit.core.folder_lock import only_run_in
from hdrkit.core.profiles import Value
from hdrkit.core.progress_bar import waiting
from hdrkit.display.prose import false_sentences
from hdrkit.jupyter import glossary, parameters
from hdrkit.jupyter.course import NOTEBOOKS, Neighbours, course_notebooks, neighbours, stated_minutes
from hdrkit.jupyter.execution import execute
from hdrkit.reproduction import run_keys
from hdrkit.reproduction.run_state import Done, State
from hdrkit.reproduction.time_left import TimeLeft
from hdrkit.simulation.on_demand import capture_if_embedded

WATCHED = ("figures", "scores", "sentences", "tables")  # folders of a run whose files are watched; others are caches
TRAINED_ON, WEIGHTS = "trained_on.json", "weights.json"  # what notebooks keep beside them for the record
STATE = ".state.json"
BESIDE = {".zip", ".exr"}, "checksums.csv"  # what `hdrkit download` leaves in a survey's folder that nothing reads
OWN_RUN = ("quick", EMBEDDED.name)  # profile and survey that the notebooks' text is written for


def reproduce(
    profile: str,
    survey: str | Path,
    out: str | Path,
    settings: Iterable[str] = (),
    notebooks: str | Path = NOTEBOOKS,
) -> Path:
    """Run the notebooks with a profile on a survey, write results into `out`, and return the path of the report.

    `settings` are `name=value` parameters that override the profile's. A survey folder named `embedded` is
    captured first. Raises HdrkitError, before anything runs, for a parameter that no notebook declares or whose
    type is wrong, for a missing survey, or where `out` lies in it or another run uses `out`; later, for the first
    notebook that fails.
    """
    survey, out, settings = Path(survey).resolve(), Path(out).resolve(), list(settings)
    sources = course_notebooks(notebooks)
    values = _values(profile, settings, sources)
    if out.is_relative_to(survey):  # each run would find another survey, with its own results as scenes
        raise HdrkitError(f"{out}: lies in the survey's folder; choose another --out")
    with only_run_in(out):
        run = _Run(Path(profile).stem, survey, out, values)
        run.prepare_survey()
        run.glossary()
        run.foresee(sources)
        for source, around in neighbours(sources).items():
            run.notebook(source, around)
        page, false = run.report()
        if false:
            _report_false(false, own=(run.profile, run.survey.name) == OWN_RUN and not settings)
        return page


def _report_false(sentences: list[str], own: bool) -> None:
    """Name the sentences that do not hold; raises HdrkitError where they should, in the run they were written for."""
    false = f"{len(sentences)} sentences of the notebooks do not hold in this run: {'; '.join(sentences)}"
    if own:
        raise HdrkitError(f"{false}; correct them, or what makes them false")
    print(false, file=sys.stderr)


def _values(profile: str, settings: Iterable[str], sources: list[Path]) -> dict[str, Value]:
    known = parameters.settable(sources)
    values = profiles.load_profile(profile)
    profiles.check(values, known, f"profile {profile}")
    overrides = parameters.parse(settings, known)
    profiles.check(overrides, known, "-p")
    values = parameters.RUNNER | values | overrides
    for name in ("cell_minutes", "bootstrap"):
        if not values[name]:
            raise HdrkitError(f"parameter `{name}` must be more than 0")
    return values


class _Run:
    """One run of the notebooks; its state on disk says which notebooks are done, and from what.

    values: parameters of the types that they are declared with; `_values` has checked them.
    """

    def __init__(self, profile: str, survey: Path, out: Path, values: Mapping[str, Any]) -> None:
        self.profile, self.survey, self.out, self.values = profile, survey, out, values
        self.state = State.read(out / STATE)
        self.time_left = TimeLeft((), {})

    def prepare_survey(self) -> None:
        """Capture the embedded survey where it is asked for, and hash the survey."""
        started = time.monotonic()
        capture_if_embedded(self.survey)
        if not self.survey.is_dir():
            raise HdrkitError(f"{self.survey}: no such folder; name the folder of a survey with --survey")
        self.state.seconds["survey"] = round(time.monotonic() - started, 1)
        with waiting("hashing the survey"):
            self._digest_survey()

    def _digest_survey(self) -> None:
        """Hash the survey's files, unless none was touched since the last time."""
        endings, name = BESIDE
        beside = {path for path in self.survey.iterdir() if path.suffix.lower() in endings or path.name == name}
        files = [path for path in provenance.files_in(self.survey) if path not in beside]
        status = provenance.status_digest(files, self.survey)
        if self.state.survey_status != status:
            self.state.survey_status, self.state.survey_sha256 = status, provenance.digest(files, self.survey)

    def glossary(self) -> None:
        """Write the page of the glossary, unless neither its text nor what makes pages has changed."""
        folder, key = self.out / "notebooks", run_keys.of_glossary()
        if self.state.glossary != key or not (folder / glossary.PAGE).is_file():
            with waiting("writing the page of the glossary"):
                glossary.write_glossary(folder)
            self.state.glossary = key
            self._save()

    def foresee(self, sources: list[Path]) -> None:
        """Find out which notebooks will run, as far as that can be told now, and about how long each takes.

        As long as the last time in this folder; else as long as it says itself, which is meant for `OWN_RUN`.
        """
        own, expected = (self.profile, self.survey.name) == OWN_RUN, {}
        with waiting("looking at what has changed"):
            for source in sources:
                done = self.state.notebooks.get(source.name)
                if not done or done.key != self._key(source, self._parameters(source)):
                    said = stated_minutes(source) if own else None
                    expected[source.stem] = self.state.seconds.get(source.stem, said and 60 * said.to_run)
        self.time_left = TimeLeft([source.stem for source in sources], expected)

    def notebook(self, source: Path, around: Neighbours) -> None:
        """Run one notebook, or skip it when neither what it depends on nor what it wrote has changed.

        `around` are the pages that its page links to.
        """
        values = self._parameters(source)
        key, page_key = self._key(source, values), run_keys.of_page(source, around)
        done = self.state.notebooks.get(source.name)
        if done and done.key == key and self._is_whole(done):
            if done.page_key == page_key:
                print(f"{source.stem}  unchanged", file=sys.stderr)
            else:
                self._export_again(source, around, page_key)
            return
        self._remove_results(source)
        self._save()
        before, place = self._results(), self.time_left.place(source.stem)
        target = self.out / "notebooks" / source.name
        seconds = execute(source, target, values, self.values["cell_minutes"], self.out / "run.log", place)
        self.time_left.done(source.stem, seconds)
        _write_page(target, around)
        self._record(source, before, key, page_key)
        self.state.seconds[source.stem] = round(seconds, 1)
        self.state.peak_memory_mb = max(machine.peak_memory_mb() or 0, self.state.peak_memory_mb)
        self._save()

    def _parameters(self, source: Path) -> dict[str, Value]:
        """Return what a notebook is given: those of the run's values that it declares, and where things lie."""
        declared = parameters.declared(source)
        given = {"profile": self.profile, "survey": _relative(self.survey, source), "out": _relative(self.out, source)}
        return {name: value for name, value in {**self.values, **given}.items() if name in declared}

    def _key(self, source: Path, values: Mapping[str, Value]) -> str:
        lasting = {name: value for name, value in values.items() if name not in ("survey", "out")}
        earlier = [done.files for name, done in self.state.notebooks.items() if name < source.name]
        scores = {name: digest for files in earlier for name, digest in files.items() if name.startswith("scores/")}
        return run_keys.of_results(source, lasting, (self.survey.name, self.state.survey_sha256), scores)

    def _export_again(self, source: Path, around: Neighbours, page_key: str) -> None:
        """Put a notebook's new text around its old results."""
        from hdrkit.jupyter.page import with_text_of

        target = self.out / "notebooks" / source.name
        with_text_of(source, target)
        _write_page(target, around)
        done = self.state.notebooks[source.name]
        pages = {name: sha256(self.out / name) for name in done.files if name.startswith("notebooks/")}
        done.page_key, done.files = page_key, done.files | pages
        self._save()
        print(f"{source.stem}  new text, old results", file=sys.stderr)

    def _record(self, source: Path, before: dict[str, int], key: str, page_key: str) -> None:
        written = [name for name, when in self._results().items() if before.get(name) != when]
        written += [f"notebooks/{source.stem}{suffix}" for suffix in (".ipynb", ".html")]
        for other in self.state.notebooks.values():  # a file belongs to the notebook that wrote it last
            other.files = {name: digest for name, digest in other.files.items() if name not in written}
        files = {name: sha256(self.out / name) for name in sorted(written)}
        self.state.notebooks[source.name] = Done(key, page_key, files)

    def _results(self) -> dict[str, int]:
        """Return the files that notebooks wrote and their times of change in nanoseconds."""
        files = (p for folder in WATCHED for p in (self.out / folder).rglob("*"))
        facts = (self.out / name for name in (TRAINED_ON, WEIGHTS, references.FILE, learned_places.FILE))
        shown = (p for p in (*files, *facts) if p.is_file() and p.name[0] != ".")
        return {p.relative_to(self.out).as_posix(): p.stat().st_mtime_ns for p in shown}

    def _is_whole(self, done: Done) -> bool:
        files = {self.out / name: digest for name, digest in done.files.items()}
        return all(path.is_file() and sha256(path) == digest for path, digest in files.items())

    def _remove_results(self, source: Path) -> None:
        """Remove what the notebook wrote the last time, lest a figure that it no longer makes stays in the report."""
        done = self.state.notebooks.pop(source.name, None)
        for name in done.files if done else ():
            (self.out / name).unlink(missing_ok=True)

    def report(self) -> tuple[Path, list[str]]:
        """Write the tables, run.json and the page; return the page's path, and the sentences that do not hold."""
        from hdrkit.reproduction import all_tables, report_page
        from hdrkit.reproduction.store import read_tables

        started = time.monotonic()
        with waiting("writing tables and report"):
            facts = self._facts()
            all_tables.write(self.out, facts, self.values["bootstrap"], self.values["seed"])
            ledger = read_tables(self.out)["claims"].set_index("id")["verdict"]
            facts["false_sentences"] = false_sentences(self.out, ledger.to_dict())
            page = report_page.write(self.out, facts)
        facts["seconds"]["report"] = self.state.seconds["report"] = round(time.monotonic() - started, 1)
        write_json(self.out / "run.json", facts)
        self._save()
        return page, facts["false_sentences"]

    def _evidence(self) -> list[Path]:
        """Return the files that the run was made from: data, and what kept studies left."""
        kept = [RESULTS / "studies", RESULTS / "output_heads"]
        return [path for folder in (DATA, *kept) for path in provenance.files_in(folder)]

    def _facts(self) -> dict:
        trained_on = _stored(self.out / TRAINED_ON)
        return {
            "profile": self.profile,
            "survey": self.survey.name,
            "parameters": dict(self.values),
            **provenance.facts(),
            "sha256": {
                "survey": self.state.survey_sha256,
                **{p.relative_to(DATA.parent).as_posix(): sha256(p) for p in self._evidence()},
            },
            "vgg16_weights": _stored(self.out / WEIGHTS),
            "trained_on": trained_on and trained_on["survey"],
            "references": references.read(self.out),
            "learned_places": learned_places.read(self.out),
            "seconds": dict(self.state.seconds),
            "peak_memory_mb": self.state.peak_memory_mb,
        }

    def _save(self) -> None:
        self.state.write(self.out / STATE)


def _write_page(notebook: Path, around: Neighbours) -> None:
    with waiting(f"{notebook.stem}  writing its page"):
        from hdrkit.jupyter.page import to_html  # heavy

        to_html(notebook, notebook.with_suffix(".html"), around)


def _stored(path: Path) -> Any:
    """Return what a JSON file that a notebook may have left holds; None where it left none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _relative(path: Path, source: Path) -> str:
    """Return `path` as seen from the notebook's folder, where it runs, so that no machine's paths end up in it."""
    try:
        return Path(os.path.relpath(path, source.parent)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()
