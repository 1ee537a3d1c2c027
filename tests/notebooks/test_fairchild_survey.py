"""The report's survey, from its site to Tables 1 and 2: a stand-in of small frames, and the notebooks that make them.

`make rehearsal` does the same with a dozen scenes of full size and all notebooks.
"""

import json
import shutil

import pytest
import stand_in_fairchild
import yaml
from helpers.servers import serving

from hdrkit.cli import main
from hdrkit.core.profiles import load_profile
from hdrkit.jupyter import parameters
from hdrkit.jupyter.course import NOTEBOOKS, course_notebooks
from hdrkit.reproduction import claims, store
from hdrkit.reproduction.runner import reproduce

PROFILE = str(NOTEBOOKS.parent / "tools" / "rehearsal.yaml")
NEEDED = ("02_registration", "03_augmentation", "04_baseline", "06_training")  # by the tables, and by the claims below
OF_PICTURES = {"misaligned", "network_train", "network_dev", "network_test", "low_variation"}  # claims about all


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory):
    """The folder of the survey, as `hdrkit download` leaves it, and the folder of the run."""
    folder = tmp_path_factory.mktemp("rehearsal")
    stand_in_fairchild.write(folder / "site", count=4, width=428)
    files = {f"/{path.relative_to(folder / 'site').as_posix()}": path for path in (folder / "site").rglob("*.*")}
    survey = folder / "fairchild"
    with pytest.MonkeyPatch.context() as patch, serving({name: p.read_bytes() for name, p in files.items()}) as site:
        patch.setenv("NO_PROXY", "127.0.0.1")
        assert main.main(["download", "fairchild", "--from", site.root, "--out", str(survey)]) == 0
    (folder / "notebooks").mkdir()
    for name in NEEDED:
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", folder / "notebooks")
    declared = parameters.settable(course_notebooks(folder / "notebooks"))
    profile = {name: value for name, value in load_profile(PROFILE).items() if name in declared}
    less = {"scenes": 2, "registration_scenes": 1, "pairs": 32, "also": []}
    (folder / "rehearsal.yaml").write_text(yaml.safe_dump(profile | less), encoding="utf-8")
    reproduce(str(folder / "rehearsal.yaml"), survey, folder / "out", notebooks=folder / "notebooks")
    return survey, folder / "out"


def test_the_network_learned_from_it(rehearsed):
    facts = json.loads((rehearsed[1] / "run.json").read_text(encoding="utf-8"))
    assert (facts["survey"], facts["trained_on"]) == ("fairchild", "fairchild")
    assert facts["references"]["made"] == 0 and facts["references"]["scenes"] == 4


def test_tables_1_and_2_come_out(rehearsed):
    tables = store.read_tables(rehearsed[1])
    listed, ours = (tables["table1"].query("survey == @name") for name in ("fairchild", "fairchild, this run"))
    assert listed.pairs.tolist() == listed.reported_pairs.tolist() == [10318, 1260, 1260]
    assert ours.scenes.sum() == 4 and ours.pairs.sum() == 14 * ours.frames.sum() > 0
    scored = tables["table2"].query("survey == 'fairchild' and profile == 'rehearsal'")
    of_both = scored[scored.reported_psnr_db.notna()]
    wanted = {(method, split) for method in ("published", "debevec_reinhard") for split in store.SPLITS}
    assert set(zip(of_both.method, of_both.split, strict=True)) == wanted and of_both.psnr_db.notna().all()
    compared = tables["comparison"].query("survey == 'fairchild'")
    assert compared.regenerated.notna().all() and len(compared) >= 3 + 2 * len(store.SPLITS)


def test_a_few_of_its_scenes_decide_nothing_about_all(rehearsed):
    ledger = store.read_tables(rehearsed[1])["claims"].set_index("id").loc[list(OF_PICTURES)]
    assert set(ledger.survey) == {"fairchild"} and ledger.regenerated.notna().all()
    assert set(ledger.verdict) == {claims.NOT_TESTABLE}
    assert set(ledger.reason) == {"this run has 4 of the 102 scenes that the claim is about"}
    assert 1 < ledger.regenerated["misaligned"] < 40  # a render shows 90 to 95 % of a frame
