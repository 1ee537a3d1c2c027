"""Mean scores of each method, split by split."""

import pandas as pd

from hdrkit.evaluation.by_split import means_by_split

SCORES = pd.DataFrame(
    [
        ("published", "test", 10, 0.5),
        ("published", "train", 30, 0.9),
        ("published", "test", 20, 0.7),
        ("input", "train", 8, 0.1),
        ("input", "test", 12, 0.3),
    ],
    columns=["method", "split", "psnr_db", "ssim"],
)


def test_means_are_over_the_pictures_of_one_method_and_split():
    assert means_by_split(SCORES).to_dict("index") == {
        "published": {"PSNR (dB), train": 30, "PSNR (dB), test": 15, "SSIM, train": 0.9, "SSIM, test": 0.6},
        "input": {"PSNR (dB), train": 8, "PSNR (dB), test": 12, "SSIM, train": 0.1, "SSIM, test": 0.3},
    }


def test_methods_keep_their_order_and_splits_are_in_theirs():
    means = means_by_split(SCORES)
    assert list(means.index) == ["published", "input"]
    assert [column for column in means if column.startswith("PSNR")] == ["PSNR (dB), train", "PSNR (dB), test"]
