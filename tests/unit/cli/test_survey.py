from hdrkit.cli import main


def test_survey_lists_scenes_and_problems(tmp_path, capsys):
    from PIL import Image

    for number, seconds in enumerate((0.25, 0.5, 1.0)):
        picture = Image.new("RGB", (30, 20), (60 * number, 0, 0))
        exif = picture.getexif()
        exif.get_ifd(0x8769)[33434] = seconds
        (tmp_path / "garden").mkdir(exist_ok=True)
        picture.save(tmp_path / "garden" / f"{number}.jpg", exif=exif)
    (tmp_path / "empty").mkdir()
    assert main.main(["survey", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("garden") and "3 frames  EV -1 +0 +1  no render" in lines[0]
    assert lines[0].endswith("no render: reference made")
    assert any(line.startswith("problem: ") and "empty" in line for line in lines)
    assert any(line.startswith("remark: ") and "garden: no render" in line for line in lines)
