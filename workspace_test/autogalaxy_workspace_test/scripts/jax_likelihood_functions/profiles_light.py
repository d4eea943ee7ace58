"""Light profiles: NumPy against JAX, see workspace_test/profile_parity.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import profile_parity

import autogalaxy as ag
from profile_rows import classes_of

if __name__ == "__main__":
    profile_parity.run(classes_of(ag.lp))
