"""The page docs/chaining.md with JAX: the default search finds the lens from the image alone."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tools"))

import parity

from documented_code import run

if __name__ == "__main__":
    names = run("chaining.md", with_jax=True)
    found = names["found"].instance.galaxies.lens
    parity.close(found.mass.einstein_radius, 1.2, "Einstein radius", relative=5e-3)
    parity.close(found.light.sersic_index, 2.0, "Sersic index of the lens", relative=0.1)
