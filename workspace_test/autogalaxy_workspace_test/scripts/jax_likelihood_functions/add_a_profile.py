"""The profile of docs/add-a-profile.md: the page runs with JAX, and the profile passes every check of a shipped one."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import profile_parity

from documented_code import run

if __name__ == "__main__":
    names = run("add-a-profile.md", with_jax=True)
    profile_parity.run([names["Plummer"], names["Lorentzian"]])
