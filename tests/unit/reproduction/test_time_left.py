from hdrkit.jupyter.status_line import Place
from hdrkit.reproduction.time_left import TimeLeft

NAMES = ["01_a", "02_b", "03_c", "04_d"]


def test_what_is_left_is_what_was_expected_at_the_pace_of_this_run():
    left = TimeLeft(NAMES, {"01_a": 10.0, "03_c": 60.0, "04_d": 100.0})
    assert left.place("01_a") == Place(1, 4, 10.0, 160.0)
    left.done("01_a", 20.0)
    assert left.place("03_c") == Place(3, 4, 120.0, 200.0)
    left.done("03_c", 15.0)  # half as long as foreseen, both together
    assert left.place("04_d") == Place(4, 4, 50.0, 0.0)


def test_a_notebook_of_which_nobody_knows_leaves_the_rest_open():
    left = TimeLeft(NAMES, {"01_a": 10.0, "03_c": None, "04_d": 100.0})
    assert left.place("01_a") == Place(1, 4, 10.0, None)
    left.done("01_a", 10.0)
    left.done("03_c", 7.0)
    assert left.place("04_d") == Place(4, 4, 100.0, 0.0)


def test_a_notebook_that_was_not_foreseen_runs_all_the_same():
    assert TimeLeft(NAMES, {"04_d": 100.0}).place("02_b") == Place(2, 4, None, 100.0)
