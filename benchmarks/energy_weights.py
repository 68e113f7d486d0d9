"""Whether Gibbs energies choose better which directions seal a universe.

Directions that cannot run by `thermodynamics.direction_deviations` standard deviations are made
cheaper for the sealing, or closed before it, and what is closed then, what that costs at the plain
weights, and how fast the universe grows on M9 with glucose is printed.

    PYTHONPATH=. python benchmarks/energy_weights.py [gramneg ...]
"""

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.config.universe import UniverseOptions
from gemwright.gem.charging import BACKWARDS, FORWARDS, Direction
from gemwright.gem.flux import FluxModel
from gemwright.gem.medium import medium_bounds, medium_compounds
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sealing import close
from gemwright.inputs.organism import DEFAULT_MEDIUM
from gemwright.sources.bigg_snapshot import UNIVERSES, read_media
from gemwright.sources.structures import read_structures
from gemwright.thermodynamics.directions import FORWARD, impossible_directions
from gemwright.thermodynamics.reactions import reaction_energies
from gemwright.universe.build import unsealed_universe
from gemwright.universe.sealed import seal_universe
from gemwright.universe.snapshot import Snapshot

STRUCTURES = Path(__file__).parents[1] / "resources/metabolite_structures.tsv"
FACTORS = (1.0, 0.3, 0.1)


def growth(model: MetabolicModel) -> float:
    """Largest growth on the default medium, 1/h."""
    flux = FluxModel.of(model)
    medium = medium_compounds(read_media(), DEFAULT_MEDIUM)
    flux.set_bounds(medium_bounds(model, medium, MediumOptions()))
    return flux.growth()


def told(directions: Iterable[Direction]) -> str:
    """Directions in a line."""
    return ", ".join(f"{name} {way}" for name, way in sorted(directions)) or "none"


def measure(name: str, snapshot: Snapshot, structures: pd.DataFrame) -> None:
    """Print what energies change in the sealing of a universe."""
    unsealed = unsealed_universe(name, UniverseOptions(), snapshot)
    model, weights = unsealed.model, snapshot.weights(unsealed.model)
    energies = reaction_energies(model, structures)
    cannot = impossible_directions(model, energies, ThermodynamicOptions())
    ways = cannot["direction"].map(lambda way: FORWARDS if way == FORWARD else BACKWARDS)
    refused = set(zip(cannot["reaction"], ways, strict=True))
    print(f"{name}: {len(refused)} open directions cannot run: {told(refused)}")
    prices = weights.set_index(["reaction", "direction"])["weight"]
    is_refused = pd.Series(
        [key in refused for key in zip(weights["reaction"], weights["direction"], strict=True)],
        weights.index,
    )
    runs = [(f"weights x {factor:g}", model, factor) for factor in FACTORS] + [
        ("closed before", close(model, sorted(refused)), 1.0)
    ]
    for label, network, factor in runs:
        start = time.process_time()
        changed = weights.assign(
            weight=weights["weight"].mask(is_refused, factor * weights["weight"])
        )
        sealed = seal_universe(network, changed, unsealed.keep, shipped=False)
        closed = list(zip(sealed.closed["reaction"], sealed.closed["direction"], strict=True))
        print(
            f"{name}, {label}: {len(closed)} closed, {sum(prices[key] for key in closed):.3f} at"
            f" the plain weights, {len(refused & set(closed))} of them refused, growth"
            f" {growth(sealed.model):.3f}, {time.process_time() - start:.0f} CPU s: {told(closed)}",
            flush=True,
        )
    sealed_as_today = seal_universe(model, weights, unsealed.keep).model
    alone = {key: growth(close(sealed_as_today, [key])) for key in sorted(refused)}
    slower = {key: rate for key, rate in alone.items() if rate < 0.999 * growth(sealed_as_today)}
    print(f"{name}, closed one by one: slower growth after {slower or 'none'}")


def main() -> None:
    """Measure the universes of the command line, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("universes", nargs="*", default=UNIVERSES, help="of the snapshot")
    snapshot, structures = Snapshot.embedded(), read_structures(STRUCTURES)
    for name in parser.parse_args().universes:
        measure(name, snapshot, structures)


if __name__ == "__main__":
    main()
