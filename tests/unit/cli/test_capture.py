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


def test_views_without_panoramas_are_bad_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        main.main(["capture", "--views", "3"])
    assert ended.value.code == 2 and "--views goes with --panoramas" in capsys.readouterr().err
