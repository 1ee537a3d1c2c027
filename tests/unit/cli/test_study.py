import json
from pathlib import Path

import pytest

from hdrkit.ablations import analysis
from hdrkit.cli import main, study
from hdrkit.core.profiles import PROFILES


@pytest.mark.parametrize(
    ("arguments", "into"),
    [
        ("study loss", "build/studies/quick"),
        ("study loss --profile full", "build/studies/full"),
        ("study loss --into results/studies", "results/studies"),
    ],
)
def test_kept_tables_of_studies_change_only_where_they_are_named(arguments, into, monkeypatch):
    from hdrkit.ablations import studies

    calls = []
    monkeypatch.setattr(study, "capture_if_embedded", lambda survey: None)
    monkeypatch.setattr(studies, "run", lambda *given: calls.append(given))
    assert main.main(arguments.split()) == 0
    profile = "full" if "full" in arguments else "quick"
    assert calls == [("loss", profile, Path("build/embedded"), Path(f"build/studies/{profile}"), Path(into))]


def test_help_and_profiles_agree_with_the_kept_tables(capsys):
    kept = {json.loads(path.read_text(encoding="utf-8"))["profile"] for path in analysis.KEPT.glob("*.json")}
    assert kept == {"quick"}
    with pytest.raises(SystemExit):
        main.main(["study", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "smoke, quick or full (quick)" in text and "the kit keeps, of profile quick" in text
    for name in ("smoke", "quick", "full"):
        comment = (PROFILES / "studies" / f"{name}.yaml").read_text(encoding="utf-8")
        assert ("What results/studies/ keeps" in comment) == (name in kept)


@pytest.mark.parametrize("arguments", ["study loss --profile quikc", "study loss --profile ../../x", "study ../x"])
def test_a_misspelt_name_is_named_before_anything_is_made(arguments, tmp_path, monkeypatch, capsys):
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    assert main.main(arguments.split()) == 1
    assert ": no such " in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["in"]
