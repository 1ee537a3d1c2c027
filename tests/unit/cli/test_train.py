from hdrkit.cli import main
from hdrkit.core.folder_lock import only_run_in


def test_two_trainings_in_one_folder(tmp_path, capsys):
    with only_run_in(tmp_path):
        assert main.main(["train", "--profile", "smoke", "--out", str(tmp_path)]) == 1
    assert "another run is using this folder; wait for it" in capsys.readouterr().err
