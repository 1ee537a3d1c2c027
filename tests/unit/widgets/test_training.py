"""What one sees of a training, and how the button stops it. The networks here learn nothing."""

import html
import re
import threading

import keras
import numpy as np
import pandas as pd
import pytest
from helpers.scenes import make_scene
from helpers.widgets import pictures

from hdrkit.core.progress_bar import LOGGED
from hdrkit.dataset.crops import cut
from hdrkit.evaluation import metrics
from hdrkit.training import recipes
from hdrkit.training.loop import Progress
from hdrkit.widgets import training

RUNNING = {"loss": 0.5, "psnr": 9.0, "psnr_pooled": 8.0, "ssim": 0.2}


@pytest.fixture
def dev():
    return cut([make_scene("barn", "dev", (32, 48))], 32)


@pytest.fixture
def model():
    """A network that halves what it is given."""
    pixels = keras.Input((None, None, 3))
    return keras.Model(pixels, pixels * 0.5)


@pytest.fixture
def shown(monkeypatch):
    """What the notebook was given to show, and to show anew."""

    class Handle:
        def update(self, widget):
            calls.append(("again", widget))

    calls = []
    monkeypatch.setattr(training, "display", lambda widget, display_id: calls.append(("first", widget)) or Handle())
    return calls


@pytest.fixture
def view(dev, shown):
    return training.TrainingView(dev)


@pytest.fixture
def progress(model):
    def progress(now, epochs=3):
        columns = ("loss", "psnr", "ssim", "psnr_pooled")
        rows = [
            {"epoch": epoch + 1} | {f"{prefix}{name}": 1.25 + epoch for name in columns for prefix in ("", "dev_")}
            for epoch in range(int(now))
        ]
        return Progress(model, rows, epochs, now, {} if now == int(now) else RUNNING)

    return progress


def lines(figure, panel):
    return {line.get_label(): line.get_xydata().tolist() for line in figure.axes[panel].lines}


def test_the_curves_are_those_of_the_history():
    columns = {"epoch": [1, 2], "loss": [3, 2], "dev_loss": [4, 3]}
    columns |= {name: [5, 6] for name in ("psnr_pooled", "dev_psnr_pooled", "ssim", "dev_ssim")}
    figure = training.curves(pd.DataFrame(columns), untouched={"ssim": 0.5})
    assert lines(figure, 0) == {"train": [[1, 3], [2, 2]], "dev": [[1, 4], [2, 3]]}
    assert lines(figure, 2)["dev, frames untouched"] == [[0, 0.5], [1, 0.5]]


def test_the_curves_are_those_that_are_asked_for():
    history = pd.DataFrame({"epoch": [1], "ssim": [0.5], "dev_ssim": [0.6]})
    figure = training.curves(history, ["ssim"])
    assert [axis.get_ylabel() for axis in figure.axes] == ["SSIM, as defined"]
    assert lines(figure, 0) == {"train": [[1, 0.5]], "dev": [[1, 0.6]]}


def test_an_epoch_under_way_hangs_on_the_last_one(progress):
    under_way = "train, under way"
    figure = training.curves(pd.DataFrame(progress(1).history), running=(1.5, RUNNING))
    assert lines(figure, 1)[under_way] == [[1, 1.25], [1.5, 8]]
    assert lines(training.curves(pd.DataFrame(), running=(0.5, RUNNING)), 1)[under_way] == [[0.5, 8]]


def test_the_sample_is_frame_answer_and_render(view, dev, progress):
    view.watch(progress(0.5))
    place = list(dev.ev).index(2)
    frame, render = dev.x[place], dev.y[dev.target[place]]
    made = np.round(frame.astype(np.float32) / 2).astype(np.uint8)
    (row,) = pictures(view.sample.value)
    white = np.full((32, 4, 3), 255, np.uint8)
    np.testing.assert_array_equal(row, np.hstack([frame, white, made, white, render]))
    before, after = (metrics.psnr(picture, render, data_range=255) for picture in (frame, made))
    words = f"A dev crop at EV +2 after 0.5 epochs: frame ({before:.1f} dB), network ({after:.1f} dB), render"
    assert view.sample.value.count(words) == 2  # below it, and for a screen reader


def test_what_is_said_follows_the_epochs(view, progress):
    view.watch(progress(0.5))
    assert "0 of 3 epochs are done." in view.said.value
    view.watch(progress(2))
    assert "2 of 3 epochs are done. On the dev crops: loss 2.2500, pooled PSNR 2.25 dB, SSIM 2.250." in view.said.value
    assert re.search('alt="Curves. 2 of 3 epochs are done', view.drawn.value)


def test_within_an_epoch_it_looks_seldom_enough_not_to_slow_the_training(view, progress, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(training.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(
        training, "answer", lambda *_: clock.__setitem__(0, clock[0] + 1) or np.zeros((32, 32, 3), np.uint8)
    )
    looks = []
    for second in range(100, 160):
        clock[0] = max(clock[0], second)
        before = view.sample.value
        view.watch(progress(0.01 * (second - 90)))
        looks += [second] if view.sample.value != before else []
    assert looks == [100, 121, 142]  # each takes a second, and a second is a twentieth of the time from one to the next


def test_it_appears_with_the_first_batch_and_once(view, shown, progress):
    assert shown == []
    for now in (0.1, 0.2, 1):
        view.watch(progress(now))
    view.end()
    assert shown == [("first", view), ("again", view)]


def test_the_button_stops_between_epochs_and_not_before(view, progress):
    view.watch(progress(0.5))
    assert not view.stop.disabled
    threading.Thread(target=view.stop.click).start()  # JupyterLab's subshells are threads
    assert view._wish.wait(10)
    view.watch(progress(0.9))
    with pytest.raises(training.StoppedError, match="^stopped after epoch 1 of 3: .* run the cell again to go on$"):
        view.watch(progress(1))
    assert view.stop.disabled and view.stop.description == training.STOPPING


def test_a_wish_to_stop_after_the_last_epoch_stops_nothing(view, progress):
    view.stop.click()
    view.watch(progress(3))


def test_an_exported_page_shows_how_it_ended_and_no_button(view, progress):
    view.watch(progress(2))
    view.end()
    data = view._repr_mimebundle_()["text/html"]
    assert len(pictures(data)) == 2 and "2 of 3 epochs are done" in html.unescape(data)
    assert view.stop not in view.children


def test_without_somebody_who_looks_on_nothing_is_shown(monkeypatch, shown):
    monkeypatch.setattr(recipes, "train", lambda *given: given)
    assert training.train_and_watch("published", None, "out", "budget") == ("published", None, "out", "budget")
    assert shown == []


def test_somebody_looks_on_in_a_kernel_that_the_runner_has_not_started(monkeypatch):
    class Shell:
        kernel = None

    assert not training.is_seen()
    monkeypatch.setattr(training, "get_ipython", Shell)
    assert training.is_seen()
    monkeypatch.setenv(LOGGED, "1")
    assert not training.is_seen()


def test_an_interrupted_training_is_shown_as_it_stands(monkeypatch, shown, dev, progress):
    def interrupted(name, crops, out, budget, watch):
        watch(progress(1.5))
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "is_seen", lambda: True)
    monkeypatch.setattr(recipes, "train", interrupted)
    budget = recipes.TrainingBudget(epochs=3, batch=4, learning_rate=1e-3)
    with pytest.raises(KeyboardInterrupt):
        training.train_and_watch("published", dev, "out", budget)
    assert [call for call, _ in shown] == ["first", "again"]


@pytest.mark.slow  # it trains
def test_stopped_by_the_button_and_run_again_it_ends_as_the_unwatched_training(monkeypatch, tmp_path, shown):
    splits = zip("abc", ("train", "dev", "test"), strict=True)
    crops = cut([make_scene(name, split, (32, 48), seed) for seed, (name, split) in enumerate(splits)], 32)
    budget = recipes.TrainingBudget(epochs=2, batch=4, learning_rate=1e-3, pairs=8, width=1 / 64)
    alone = recipes.train("published", crops, tmp_path / "alone", budget)
    monkeypatch.setattr(training, "is_seen", lambda: True)
    view = training.TrainingView(crops.of("dev"))
    view.stop.click()
    monkeypatch.setattr(training, "TrainingView", lambda dev: view)
    with pytest.raises(training.StoppedError, match="after epoch 1 of 2"):
        training.train_and_watch("published", crops, tmp_path / "watched", budget)
    monkeypatch.undo()
    watched = recipes.train("published", crops, tmp_path / "watched", budget)
    for ours, theirs in zip(alone.model.get_weights(), watched.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert watched.history.drop(columns="seconds").equals(alone.history.drop(columns="seconds"))


def test_the_table_has_one_row_per_epoch_with_train_and_dev_beside_each_other():
    one = dict.fromkeys(("loss", "psnr", "psnr_pooled", "ssim"), 0.12345)
    history = pd.DataFrame([{"epoch": 1, "seconds": 61.4, **one, **{f"dev_{name}": 2.5 for name in one}}] * 2)
    shown = training.history_table(history)
    names = ["epoch", "loss", "loss, dev", "PSNR (dB)", "PSNR (dB), dev", "SSIM", "SSIM, dev", "seconds"]
    assert list(shown.data) == names and len(shown.data) == 2
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", shown.to_html())
    assert cells[:8] == ["1", "0.123", "2.500", "0.12", "2.50", "0.123", "2.500", "61"]
