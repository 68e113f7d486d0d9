"""Reading SBML: ours against cobra's, on the same files in one process.

Run as ``python benchmarks/sbml_reader.py``; prints the best of three of both and their ratio,
which is what can be compared between machines, and checks that growth agrees.
"""

import time
from collections.abc import Callable
from importlib import resources
from typing import Any

from cobra.io import read_sbml_model

from gemwright.gem.flux import FluxModel
from gemwright.gem.load import read_model
from gemwright.sources.registry import locate


def best_of_three(read: Callable[[str], Any], path: str) -> tuple[float, Any]:
    """Least seconds (s) of three runs, and what was read."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        model = read(path)
        seconds.append(time.perf_counter() - start)
    return min(seconds), model


def main() -> None:
    """Time both on CarveMe's shipped E. coli model and on cobra's iJO1366."""
    paths = (locate("carveme_model_ecol"), resources.files("cobra") / "data" / "iJO1366.xml.gz")
    for path in map(str, paths):
        own_seconds, ours = best_of_three(read_model, path)
        cobra_seconds, theirs = best_of_three(read_sbml_model, path)
        off = abs(FluxModel.of(ours).growth() - theirs.slim_optimize())
        print(
            f"{path.rpartition('/')[2]}: {len(ours.reactions)} reactions, growth off {off:.1e} /h"
        )
        print(f"gemwright {own_seconds:.2f} s, cobra {cobra_seconds:.2f} s")
        print(f"ratio {cobra_seconds / own_seconds:.1f}")


if __name__ == "__main__":
    main()
