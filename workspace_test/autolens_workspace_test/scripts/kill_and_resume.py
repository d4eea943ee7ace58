"""A search that is killed goes on where it was saved: the short form of ``benchmarks/kill_and_resume.py``."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"

command = [sys.executable, "kill_and_resume.py", "--dry", "--kills", "4", "--aimed", "2", "--search", "Walk"]
done = subprocess.run(command, cwd=BENCHMARKS, capture_output=True, text=True, timeout=300.0)
assert done.returncode == 0, done.stdout + done.stderr
print(done.stdout)
