import re

import pytest
from helpers.commands import refused

from hdrkit.cli import main
from hdrkit.enhancement import batch, bracket_files
from hdrkit.fusion import bracket


def test_all_fusions_are_offered(capsys):
    with pytest.raises(SystemExit):
        main.main(["enhance", "--help"])
    offered = re.search(r"--method \{(.*?)\}", capsys.readouterr().out)[1].split(",")
    assert sorted(offered) == sorted(bracket.METHODS)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("--bracket --strength 0", "--strength does not go with --bracket"),
        ("--bracket --compare", "--compare does not go with --bracket"),
        ("--bracket --confidence", "--confidence does not go with --bracket"),
        ("--method mertens", "--method goes with --bracket only"),
        ("--radiance", "--radiance goes with --bracket only"),
        ("--times 1/60,1/15", "--times goes with --bracket only"),
        ("--bracket --times 1/60,soon", "1/60,soon is not a list of times"),
        ("--bracket --times 1/60,0", "1/60,0 is not a list of times"),
        ("--bracket --times 1/60,1/0", "1/60,1/0 is not a list of times"),
    ],
)
def test_options_that_do_not_go_together_are_bad_usage(options, why, capsys):
    assert why in refused(["enhance", "a", "--out", "b", *options.split()], capsys)


@pytest.mark.parametrize(("options", "goes_on"), [("", True), ("--force", False), ("--bracket", False)])
def test_an_interrupted_command_promises_to_go_on_only_where_it_does(options, goes_on, monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "enhance_files", interrupt)
    monkeypatch.setattr(bracket_files, "fuse_bracket", interrupt)
    monkeypatch.setattr(main.signal, "signal", lambda *_: None)  # those of the tests stay
    assert main.main(["enhance", "a", "--out", "b", *options.split()]) == 130
    assert ("to go on: " in capsys.readouterr().err) == goes_on
