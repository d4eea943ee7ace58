"""The table of faults: in how many observations each strength of each is found, and how many clean ones are silent.

``python workspace_test/data_doctor/table.py 12 48``: 12 observations for the faults, 48 clean ones.
"""

from __future__ import annotations

import sys

import numpy as np
from faults import FAULTS, Fault
from observations import clean_from, radius_of

from autolens.data_doctor.examination import examined
from autolens.data_doctor.images import Images


def row_from(fault: Fault, observations: list[Images]) -> tuple[str, bool]:
    """A line of the table, and whether the fault is found in all from its strength on."""
    counts = []
    for strength in fault.strengths:
        number = 0
        for seed, images in enumerate(observations):
            found = examined(fault.inject(images, strength, np.random.default_rng(seed))).findings
            names = {f.name for f in found if fault.notes_count or f.severity != "note"}
            number += bool(names & set(fault.found_as))
        counts.append(number)
    good = all(number == len(observations) for number in counts[fault.found_from :])
    cells = "  ".join(f"{s:g}: {n}" for s, n in zip(fault.strengths, counts, strict=True))
    return f"{fault.name:30} from {fault.strengths[fault.found_from]:<6g} {'' if good else 'MISSED '}{cells}", good


def main(faulty: int, clean: int) -> int:
    """Print the table; 1 where a fault is missed or a clean observation is not silent."""
    observations = [clean_from(seed) for seed in range(max(faulty, clean))]
    loud, offsets = 0, []
    for seed, images in enumerate(observations[:clean]):
        diagnosis = examined(images)
        offsets.append((diagnosis.guesses["einstein_radius"] or np.nan) / radius_of(images) - 1.0)
        if diagnosis.exit_code:
            loud += 1
            print(f"clean observation {seed}: {diagnosis}")
    print(f"{clean} clean observations, {loud} not silent; Einstein radius off by a median of ", end="")
    print(f"{np.nanmedian(np.abs(offsets)):.3f}, at most {np.nanmax(np.abs(offsets)):.3f} of it", flush=True)
    goods = []
    for fault in FAULTS:
        line, good = row_from(fault, observations[:faulty])
        print(line, flush=True)
        goods.append(good)
    return int(loud > 0 or not all(goods))


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in (*sys.argv[1:], *("12", "48")[len(sys.argv) - 1 :]))))
