"""Stellar mass profiles: NumPy against JAX, see workspace_test/profile_parity.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import profile_parity

import autogalaxy as ag
from profile_rows import classes_of

MASS = "autogalaxy.profiles.mass"

if __name__ == "__main__":
    profile_parity.run([cls for cls in classes_of(ag.mp) if cls.__module__.startswith(f"{MASS}.stellar")])
