"""Tables of studies whose effects are known."""

import numpy as np
import pandas as pd

from hdrkit.ablations import analysis


def table_of(name, effects, seeds=3, scenes=8, noise=0.1):
    rng = np.random.default_rng(0)
    hard = rng.normal(0, 3, scenes)
    rows = [
        {"setting": setting, "seed": seed, "scene": f"s{scene}", "place": "p", "psnr_db": 15 + hard[scene] + effect
         + rng.normal(0, noise)}
        for setting, effect in effects.items() for seed in range(1, seeds + 1) for scene in range(scenes)
    ]  # fmt: skip
    table = pd.DataFrame(rows).assign(study=name, crops=18)
    return table.assign(**{measure: table.psnr_db for measure in analysis.MEASURES})
