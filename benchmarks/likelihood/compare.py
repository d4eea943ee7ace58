"""C1, C2 and C3, ours beside the peers: every tool in its own environment, in turn, round after round.

python compare.py --case c1 c2 c3 --autolens PY --herculens PY --jaxtronomy PY --lenstronomy PY [--rounds 5] [--gpu]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from compare_rounds import machine, write  # noqa: E402
from table import gpu_markdown, markdown  # noqa: E402
from workers import DEADLOCKED, Contender  # noqa: E402

PEERS = ("autolens", "herculens", "jaxtronomy", "lenstronomy")
ROWS = {
    "c1": ("uniform", "default", "adaptive", "adaptive-mixed"),
    "c2": ("uniform", "default", "adaptive", "adaptive-mixed"),
    "c3": ("uniform", "default", "adaptive", "adaptive-mixed"),
}
MODES = ("single", "vmap16", "vmap64", "value_and_grad")
SLOW = {
    ("autolens", "c3"): ("vmap16", "vmap64", "value_and_grad"),
    ("jaxtronomy", "c2"): ("vmap16", "vmap64"),
    ("jaxtronomy", "c3"): ("vmap64", "value_and_grad"),
}
"""What took minutes, or seconds for each call, when it was tried; run with ``--all``."""
COMPILED_AGAIN = {"c1": ("ours uniform", "herculens", "autolens"), "c3": ("ours uniform",)}
"""Contenders whose compile times are held against a limit, measured in more than one fresh process."""
BATCHES = (1, 4, 16, 64, 256, 1024)


def main() -> None:
    """Measure, write the results and print them as tables."""
    options = _options()
    start, before = time.perf_counter(), machine()
    if options.gpu:
        modes = ["single", "value_and_grad", *(f"vmap{batch}" for batch in BATCHES)]
        cases = {case: _measured(case, modes, options, peers=()) for case in options.case}
        results = {"machine": before, "rounds": options.rounds, "cases": cases}
        write(f"{options.name}_gpu", results, gpu_markdown(results))
        return
    peers = tuple(peer for peer in PEERS if getattr(options, peer))
    cases = {case: _measured(case, options.modes, options, peers) for case in options.case}
    results = {
        "machine": before,
        "load_average_1m_at_end": machine()["load_average_1m"],
        "seconds": round(time.perf_counter() - start),
        "rounds": options.rounds,
        "seconds_per_mode_and_round": options.seconds,
        "dtype": "float64, but mixed where a row says so",
        "one_eigen_thread_in_batches": sorted(DEADLOCKED),
        "cases": cases,
    }
    write(options.name, results, markdown(results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--ours", default=sys.executable, help="python with our packages and jax")
    for peer in PEERS:
        parser.add_argument(f"--{peer}", default=None, help=f"python with {peer}; it is left out without one")
    parser.add_argument("--data", type=Path, default=None, help="folder with data.npz")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--modes", nargs="+", choices=MODES, default=list(MODES))
    parser.add_argument("--seconds", type=float, default=0.5, help="time spent on a mode in a round")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds after which an answer counts as a hang")
    parser.add_argument("--compilations", type=int, default=3, help="fresh processes for the compile times")
    parser.add_argument("--all", action="store_true", help="also the modes of peers that take minutes")
    parser.add_argument("--gpu", action="store_true", help="ours alone on jax's default device, batches of 1 to 1024")
    parser.add_argument("--name", default="likelihood", help="stem of the files of results")
    return parser.parse_args()


def _contenders(case: str, options: argparse.Namespace, peers: tuple[str, ...]) -> list[Contender]:
    known = {"case": case, "data": options.data, "limit": options.limit}
    found = [Contender("ours", row, python=options.ours, **known) for row in ROWS[case]]
    found += [Contender(peer, "", python=getattr(options, peer), **known) for peer in peers]
    for contender in found:
        if not options.all:
            contender.gone |= dict.fromkeys(SLOW.get((contender.tool, case), ()), "not run: slow")
    return found


def _measured(case: str, modes: list[str], options: argparse.Namespace, peers: tuple[str, ...]) -> dict[str, Any]:
    """Everything about one case, keyed by contender."""
    contenders = _contenders(case, options, peers)
    found = {contender.name: _first(contender, modes) for contender in contenders}
    _compare_images(found)
    for number in range(options.rounds):
        for mode in modes:
            for contender in contenders if number % 2 == 0 else reversed(contenders):
                answer = contender.ask("time", mode, options.seconds)
                found[contender.name]["modes"].setdefault(mode, {}).setdefault("rounds", []).append(answer)
        print(f"{case}: round {number + 1} done", file=sys.stderr)
    for contender in contenders:
        entry = found[contender.name]
        entry["memory"] = contender.ask("memory")
        entry["gone"] = contender.gone
        contender.stop()
    for _ in range(0 if options.gpu else options.compilations - 1):
        again = [c for c in _contenders(case, options, peers) if c.name in COMPILED_AGAIN.get(case, ())]
        for contender in again:
            _compile(contender, [mode for mode in ("single", "value_and_grad") if mode in modes], found[contender.name])
            contender.stop()
    return found


def _first(contender: Contender, modes: list[str]) -> dict[str, Any]:
    """Compile times in a fresh process, then the value and the image, before any time is taken."""
    entry: dict[str, Any] = {"tool": contender.tool, "row": contender.row, "modes": {}, "temporaries_mb": {}}
    _compile(contender, modes, entry)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "image.npy"
        entry["described"] = contender.ask("describe", "", str(path))
        entry["image"] = np.load(path) if path.exists() else None
    for mode in modes:
        if mode == "vmap64" or (mode.startswith("vmap") and "vmap1024" in modes):
            answer = contender.ask("temporaries", mode)
            entry["temporaries_mb"][mode] = answer and answer["temporaries_mb"]
    print(f"{contender.case} {contender.name}: ready", file=sys.stderr)
    return entry


def _compare_images(found: dict[str, Any]) -> None:
    """Largest difference of every image from that of our first row, where the case has no image of lenstronomy's."""
    images = {name: entry.pop("image") for name, entry in found.items()}
    first = images["ours uniform"]
    for name, image in images.items():
        said = found[name]["described"]
        if said and said["largest_difference_sigma"] is None and first is not None and image is not None:
            said["largest_difference_sigma"] = float(np.abs(image - first).max())


def _compile(contender: Contender, modes: list[str], entry: dict[str, Any]) -> None:
    for mode in modes:
        answer = contender.ask("compile", mode)
        if answer is not None:
            compiled = entry["modes"].setdefault(mode, {}).setdefault("trace_and_compile_s", [])
            compiled.append(answer["trace_and_compile_s"])


if __name__ == "__main__":
    main()
