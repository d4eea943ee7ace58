"""Posteriors of the default search are calibrated: the short form of ``benchmarks/calibrate.py``, on twenty lenses.

Ranks of the true values among the draws of their posteriors, and the coverage of central intervals, within bounds that
calibrated posteriors leave once in a thousand times for each kind of test.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))

from calibrate import rows_from, summary_from
from calibrated_lenses import CalibratedLenses

from autogalaxy.inference.calibration import Calibration

DATASETS, DRAWS, PROBABILITY = 20, 399, 0.999

lenses = CalibratedLenses(seed=5, pixels=36, radius=1.7, exposure=200.0, with_shapes=False)
rows = rows_from(lenses, DATASETS, DRAWS, samplers=("importance", "nuts"))  # nested sampling would take minutes
calibration, summary = summary_from(rows, lenses.model.paths, DRAWS)

assert summary["errors"] == 0, [row.get("error") for row in rows]
assert summary["not_accepted"] == 0, summary["rejected"]
assert calibration.ranks.shape == (DATASETS, lenses.model.prior_count)
assert calibration.failures(PROBABILITY) == [], calibration.failures(PROBABILITY)

# what was found has the power to find errors that are half as large as they should be
narrow = np.clip(calibration.ranks + np.where(calibration.ranks > DRAWS / 2, 1, -1) * 80, 0, DRAWS)
assert Calibration(narrow, 2.0 * calibration.scores, calibration.units, DRAWS).failures(PROBABILITY)

coverage = {level: round(share, 3) for level, (share, _) in summary["combined_coverage"].items()}
print(f"{DATASETS} lenses, {lenses.model.prior_count} parameters: coverage {coverage}, {summary['methods']}")
