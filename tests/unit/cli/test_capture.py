"""hdrkit capture --panoramas: what it says, and its status."""

import pytest
from helpers import panoramas

from hdrkit.cli import main


def test_panoramas_are_photographed_and_what_is_wrong_with_one_is_said(tmp_path, capsys):
    folder = panoramas.write_all(tmp_path / "p", "hall.hdr", "yard.exr")
    (folder / "notes.txt").touch()
    command = ["capture", "--panoramas", str(folder), "--views", "1", "--out", str(tmp_path / "out")]
    assert main.main(command) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        f"{folder}: no panoramas: notes.txt; left out",
        f"{tmp_path / 'out'}: 2 scenes of 2 panoramas: 1 train, 1 dev, 0 test",
    ]
    assert said[2:] == [f"look at it with: hdrkit survey {tmp_path / 'out'}"]
    (folder / "bad.hdr").write_bytes(b"no panorama")
    assert main.main(command) == 1
    said = capsys.readouterr()
    assert f"{folder / 'bad.hdr'}: this panorama is damaged" in said.out and "2 scenes of 2 panoramas" in said.out
    assert said.err.splitlines() == [
        "hdrkit: 1 of 3 panoramas could not be photographed; the lines above say why",
    ]


def test_a_folder_without_any_is_said_after_what_is_wrong_with_each(tmp_path, capsys):
    for name in ("a.hdr", "b.exr", "c.jpg"):
        (tmp_path / name).write_bytes(b"no panorama")
    assert main.main(["capture", "--panoramas", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert [line.partition(":")[0] for line in sorted(said.out.splitlines())] == [
        str(tmp_path / "a.hdr"),
        str(tmp_path / "b.exr"),
        str(tmp_path),
    ]
    assert said.err == f"hdrkit: {tmp_path}: no panorama there that can be photographed, .exr or .hdr\n"
    assert not (tmp_path / "out").exists()


def test_what_the_kits_own_network_has_seen_is_counted(tmp_path, capsys):
    """Of three places, one of each split, it has learned from one by its name."""
    folder = panoramas.write_all(tmp_path / "p", "fireplace.hdr", "hall.hdr", "yard.hdr")
    survey = tmp_path / "out"
    survey.mkdir()
    lines = ["scene,place,split", "Fireplace (1),Fireplace,test", "Hall (1),Hall,dev", "Yard (1),Yard,train"]
    (survey / "survey.csv").write_text("\n".join(lines), encoding="utf-8")
    (survey / "panoramas.csv").touch()
    assert main.main(["capture", "--panoramas", str(folder), "--views", "1", "--out", str(survey)]) == 0
    assert "1 of its 2 dev and test places are known to the kit's own network" in capsys.readouterr().out


def test_views_without_panoramas_are_bad_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        main.main(["capture", "--views", "3"])
    assert ended.value.code == 2 and "--views goes with --panoramas" in capsys.readouterr().err
