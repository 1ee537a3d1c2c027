from pathlib import Path

from hdrkit.cli import main
from hdrkit.enhancement import synthetic_pairs
from hdrkit.simulation import embedded_survey, embedded_views


def test_comparing_heads_hands_seconds_and_folders_on(monkeypatch, tmp_path, capsys):
    from hdrkit.ablations import compare_heads

    scene, calls = embedded_views.read_views()[0], []
    dev = next(view.scene for view in embedded_views.read_views() if view.split == "dev")
    embedded_survey.capture(tmp_path / "few", scenes=[scene.scene, dev])
    monkeypatch.setattr(compare_heads, "run", lambda *given: calls.append(given))
    command = f"compare-heads --seconds 7 --profile smoke --out {tmp_path} --survey {tmp_path / 'few'}"
    for into, folder in (("", tmp_path), ("--into results/output_heads", Path("results/output_heads"))):
        assert main.main([*command.split(), *into.split()]) == 0
        config, seconds, prepared, views, out = calls.pop()
        assert (config.epochs, seconds, [s.name for s in prepared], out) == (1, 7, [dev], folder)
        assert len(views.light) == len(synthetic_pairs.training_panoramas())
