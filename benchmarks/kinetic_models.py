"""Kinetic models: labelled and generated sets, time courses and training epochs per second.

Run as ``python benchmarks/kinetic_models.py [FOLDER]`` with a physiology's folder of the workflow
(``results/rekindle/fdp1`` for the paper's model); without one it takes the embedded textbook model.
One process, one thread. What is compared is taken in alternation, and the ratio is printed:

- labelled sets: the compiled kernel, NumPy with LAPACK, and libroadrunner (its reduced Jacobian of
  the exported SBML, with LAPACK's eigenvalues), which has to find the same eigenvalues;
- time courses of perturbed models: libroadrunner and SciPy's LSODA on our rates;
- a million generated sets and an epoch over 72,000 sets, for both presets.

Anchors that cannot be run here are printed with how they were measured.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
import yaml

from gemwright.kinetics.labelling import Labeller
from gemwright.kinetics.parameters import (
    maximal_velocities,
    michaelis_constants,
    term_concentrations,
)
from gemwright.kinetics.perturbation import END_TIME, perturbed_starts
from gemwright.kinetics.physiology import Physiology, read_physiology
from gemwright.kinetics.sampling import sample_saturations
from gemwright.kinetics.sbml_export import identifiers_of, sbml_text
from gemwright.kinetics.simulation import Integration, attempt, simulator
from gemwright.kinetics.sources import prepare_physiology
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.generation import generate_features
from gemwright.rekindle.networks import Generator, GeneratorShape
from gemwright.rekindle.scaling import PRESETS, Scaling
from gemwright.rekindle.timing import epoch_seconds
from gemwright.sources.registry import locate

SEED = 1
ROUNDS = 8
CHUNK = 1_000
PEER_SETS = 25  # in a round
GENERATED = 1_000_000
RUNS = {"roadrunner": 40, "scipy": 4}  # in a round
ANCHORS = """Anchors, measured elsewhere:
  SKiMpy, 52 labelled sets a second after 40 to 60 s of compiling (kin_varma with the patch, one
    thread of a like machine; design notes of this project)
  REKINDLE's paper: 1 million sets by ORACLE in 18 to 24 h (12 to 15 a second), by a generator in
    18 s; 1,000 epochs over 72,000 sets in 40 min on a Titan XP (2.4 s an epoch)"""


def embedded() -> Physiology:
    """Make the first physiology of the embedded default."""
    config = yaml.safe_load((Path(__file__).parents[1] / "config" / "config.yaml").read_text())
    name, definition = next(iter(config["kinetics"]["physiologies"].items()))
    return prepare_physiology(name, definition, {"model": locate("e_coli_core")}, config["seed"])


def seconds(step: Callable[[], object]) -> float:
    """CPU seconds of a step."""
    start = time.process_time()
    step()
    return time.process_time() - start


class RoadRunnerEigenvalues:
    """The peer: libroadrunner's reduced Jacobian of each set."""

    def __init__(self, physiology: Physiology) -> None:
        import roadrunner

        self.physiology = physiology
        model, state = physiology.model, physiology.state
        half = np.full(len(model.terms), 0.5)
        self.runner = roadrunner.RoadRunner(sbml_text(model, state, half))
        self.runner.conservedMoietyAnalysis = True
        names, inside = identifiers_of(model), self.runner.getModel()
        places = {name: place for place, name in enumerate(inside.getGlobalParameterIds())}
        wanted = [*(names.velocities[item.name] for item in model.reactions), *names.michaelis]
        self.places = [places[name] for name in wanted]

    def largest(self, saturations: np.ndarray) -> np.ndarray:
        """Largest real parts, 1/h."""
        model, state = self.physiology.model, self.physiology.state
        km = michaelis_constants(model, state, saturations)
        velocities = maximal_velocities(model, state, saturations)
        found = []
        for row in range(len(saturations)):
            values = np.concatenate([velocities[row], km[row]])
            self.runner.getModel().setGlobalParameterValues(self.places, values)
            jacobian = np.array(self.runner.getReducedJacobian())
            found.append(np.linalg.eigvals(jacobian).real.max())
        return np.array(found)


def label(physiology: Physiology) -> None:
    """Print labelled sets a second."""
    kernels = {
        kernel: Labeller(physiology.model, physiology.state, kernel)  # type: ignore[arg-type]
        for kernel in ("compiled", "numpy")
    }
    peer = RoadRunnerEigenvalues(physiology)
    n_terms = len(physiology.model.terms)
    sets = sample_saturations(CHUNK, n_terms, SEED)
    for labeller in kernels.values():
        labeller.extremes(sets[:10])
    spent = dict.fromkeys([*kernels, "libroadrunner"], np.inf)
    worst = 0.0
    for _ in range(ROUNDS):
        for kernel, labeller in kernels.items():
            drawn = seconds(lambda: sample_saturations(CHUNK, n_terms, SEED))
            own = seconds(lambda labeller=labeller: labeller.extremes(sets))
            spent[kernel] = min(spent[kernel], (drawn + own) / CHUNK)
        few = sets[:PEER_SETS]
        theirs: list[np.ndarray] = []
        own = seconds(lambda few=few, theirs=theirs: theirs.append(peer.largest(few)))
        spent["libroadrunner"] = min(spent["libroadrunner"], own / PEER_SETS)
        ours = kernels["compiled"].largest_eigenvalues(few)
        worst = max(worst, float(np.abs(theirs[0] / ours - 1).max()))
    print(f"labelled sets ({n_terms} K_M, {len(physiology.model.independent)} eigenvalues):")
    for name, value in spent.items():
        print(f"  {name:14s} {1 / value:10,.0f} sets/s, ratio {spent['libroadrunner'] / value:.1f}")
    print(f"  largest relative difference of eigenvalues to libroadrunner {worst:.1e}")


def integrate(physiology: Physiology) -> None:
    """Print time courses a second."""
    model, state = physiology.model, physiology.state
    labeller = Labeller(model, state)
    sets = sample_saturations(2_000, len(model.terms), SEED)
    sets = sets[labeller.largest_eigenvalues(sets) < -9][:10]
    km, velocities = michaelis_constants(model, state, sets), maximal_velocities(model, state, sets)
    starts = perturbed_starts(model, state, max(RUNS.values()), 0.5, 2.0, SEED)
    times = np.array([0.0, END_TIME])
    machines = {name: simulator(model, state, Integration(name)) for name in RUNS}
    spent = dict.fromkeys(RUNS, 0.0)
    for row in range(len(sets)):
        for name, machine in machines.items():
            machine.parameterise(velocities[row], km[row])
            for start in starts[: RUNS[name]]:
                spent[name] += seconds(
                    lambda machine=machine, start=start: attempt(machine, start, times)
                )
    rates = {name: len(sets) * RUNS[name] / spent[name] for name in RUNS}
    print(f"time courses to {END_TIME} h of {len(sets)} relevant models:")
    for name, rate in rates.items():
        print(f"  {name:14s} {rate:10,.1f} runs/s, ratio {rate / rates['scipy']:.1f}")


def generate(physiology: Physiology) -> None:
    """Print rates of generating sets, and of training epochs."""
    n_terms = len(physiology.model.terms)
    sets = sample_saturations(1_000, n_terms, SEED)
    levels = term_concentrations(physiology.model, physiology.state)
    for preset in PRESETS:
        options = GanOptions.of(preset, device="cpu")
        torch.manual_seed(SEED)
        shape = GeneratorShape(
            n_terms,
            1,
            n_terms if options.noise is None else options.noise,
            options.generator_widths,
            options.generator_dropout,
            options.batch_norm,
            options.residual,
        )
        network, scaling = Generator(shape).eval(), Scaling.fit(preset, sets, levels)

        def stream(network: Generator = network) -> None:
            for _ in generate_features(network, GENERATED, -1.0, SEED):
                pass

        features = seconds(stream)
        block = next(iter(generate_features(network, CHUNK, -1.0, SEED)))
        scaled = seconds(lambda block=block, scaling=scaling: scaling.saturations(block))
        whole = features + scaled * GENERATED / CHUNK
        epoch = epoch_seconds(physiology, options)
        print(
            f"preset {preset}: 1 million sets {features:.1f} s as features, {whole:.1f} s as"
            f" saturations; epoch over 72,000 sets {epoch:.2f} s"
        )


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="Time the steps of kinetic models.")
    parser.add_argument("folder", nargs="?", help="a physiology's folder of the workflow")
    folder = parser.parse_args().folder
    torch.set_num_threads(1)
    physiology = (
        read_physiology(Path(folder) / "model.yml", Path(folder) / "state.parquet")
        if folder
        else embedded()
    )
    print(f"physiology {physiology.name}: {len(physiology.model.reactions)} reactions")
    label(physiology)
    integrate(physiology)
    generate(physiology)
    print(ANCHORS)


if __name__ == "__main__":
    main()
