"""Simulated observations that are clean are silent; each fault is found from its stated strength on.

One observation of each fault here; ``python workspace_test/data_doctor/table.py 12`` prints the whole table.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

from autolens.data_doctor.examination import examined

sys.path.insert(0, str(Path(__file__).parent))

from faults import FAULTS
from observations import clean_from, radius_of

SEEDS = range(8)


@pytest.fixture(scope="module")
def observations():
    return [clean_from(seed) for seed in SEEDS]


def test_clean_observations_are_good_and_their_guesses_near(observations):
    for images in observations:
        diagnosis = examined(images)
        assert diagnosis.worst == "good", str(diagnosis)
        assert diagnosis.guesses["einstein_radius"] == pytest.approx(radius_of(images), rel=0.1)
        assert diagnosis.guesses["lens_centre"] == pytest.approx((0.0, 0.0), abs=0.06)  # drawn within 0.05
        assert len(diagnosis.guesses["arc_positions"]) >= 2


@pytest.mark.parametrize("index", range(len(FAULTS)), ids=[fault.name for fault in FAULTS])
def test_fault_is_found_from_its_strength_on(observations, index):
    fault = FAULTS[index]
    assert len(fault.strengths) == 5
    images = observations[index % len(observations)]
    diagnosis = examined(fault.inject(images, fault.strengths[fault.found_from], np.random.default_rng(index)))
    found = {f.name for f in diagnosis.findings if fault.notes_count or f.severity != "note"}
    assert found & set(fault.found_as), str(diagnosis)
    for finding in diagnosis.findings:
        assert finding.what and finding.effect and finding.mend
