"""Growth-coupled strategies beside StrainDesign, a MILP tool, on the same model and targets.

Run as ``python benchmarks/strain_design_peer.py`` (e_coli_core, all its feasible targets), or with
``--model FILE --targets A B`` for another SBML model. Every design of every tool is judged by our
own check: growth is maximised, held, and production minimised; both must reach 0.001.

What each tool is asked, with every gene deletable at cost 1 and no limit on their number unless
``--deletions`` sets one:

``gemwright``
    a strategy from the model alone, then an inclusion-minimal one.
``weak``
    minimal cut sets (MCS): suppress the growth-optimal fluxes with production <= 0.001 and growth
    >= 0.001, protect growth >= 0.001. The same problem as ours.
``strong``
    MCS: suppress *all* fluxes with production <= 0.001 and growth >= 0.001: asks more.
``potential``
    MCS: protect a growth-optimal flux with production and growth >= 0.001: asks less.
``optknock``
    largest best-case production at largest growth, growth >= 0.001: asks less, but optimises.
``robustknock``
    largest worst-case production at largest growth, growth >= 0.001: ours, but optimised.

MCS are asked for any one solution, the knocks for the best one. Each solve of the tool is a
process of its own, which is ended after ``--limit`` CPU seconds: it has been seen to go on for
minutes after its own time limit. ``--verified`` puts a table of `verify_predictions` beside them.
"""

import argparse
import logging
import multiprocessing
import os
import resource
import signal
import tempfile
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pandas as pd
import straindesign
from cobra import Configuration, Model
from cobra.io import read_sbml_model
from tqdm import tqdm

from gemwright.gem.sbml_writer import write_sbml
from gemwright.io.tables import write_delimited
from gemwright.strain_design.models import model_for_design
from gemwright.strain_design.reduction import reduce_to_minimal
from gemwright.strain_design.search import find_strategy
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.targets import feasible_targets

OURS = "gemwright"
PROBLEMS = ("weak", "strong", "potential", "optknock", "robustknock")
COLUMNS = (
    "target", "tool", "status", "solved", "cpu_seconds", "designs", "deletions", "growth_rate",
    "production_rate",
)  # fmt: skip


def cpu_seconds() -> float:
    """CPU time of this process and of the ones it has started and ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def solve_ourselves(strain: StrainModel, target: str) -> tuple[str, list[list[str]], float]:
    """Status, designs (genes of each) and CPU seconds of our own search."""
    start = cpu_seconds()
    deleted = find_strategy(strain, target)
    if deleted is not None:
        deleted = reduce_to_minimal(strain, target, deleted)
    spent = cpu_seconds() - start
    if deleted is None:
        return "none found", [], spent
    return "found", [strain.names(deleted)], spent


def peer_modules(
    strain: StrainModel, made: str, problem: str
) -> list[tuple[str, dict[str, object]]]:
    """Modules of StrainDesign that state a problem: kind and arguments."""
    growth, least = strain.growth_reaction, strain.thresholds
    grows, makes = f"{growth} >= {least.growth}", f"{made} >= {least.production}"
    fails = f"{made} <= {least.production}"
    if problem == "weak":
        return [
            ("suppress", {"constraints": [fails, grows], "inner_objective": growth}),
            ("protect", {"constraints": grows}),
        ]
    if problem == "strong":
        return [
            ("suppress", {"constraints": [fails, grows]}),
            ("protect", {"constraints": grows}),
        ]
    if problem == "potential":
        return [("protect", {"constraints": [makes, grows], "inner_objective": growth})]
    return [(problem, {"constraints": grows, "inner_objective": growth, "outer_objective": made})]


def run_peer(
    network: Model,
    modules: list[tuple[str, dict[str, object]]],
    best: bool,
    options: argparse.Namespace,
    answer: Connection,
) -> None:
    """Solve one problem with StrainDesign and send status and designs."""
    resource.setrlimit(resource.RLIMIT_CPU, (options.limit, options.limit + 1))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        found = straindesign.compute_strain_designs(
            network,
            sd_modules=[straindesign.SDModule(network, kind, **key) for kind, key in modules],
            gene_kos=True,
            solver=options.solver,
            solution_approach="best" if best else "any",
            max_solutions=1,
            time_limit=options.limit,
            **({"max_cost": options.deletions} if options.deletions else {}),
        )
    except Exception as error:  # what it says of a target is its result, whatever the class
        answer.send((f"error: {error}"[:80], []))
    else:
        answer.send((str(found.status), [sorted(design) for design in found.gene_sd]))


def solve_as_peer(
    network: Model, strain: StrainModel, target: str, problem: str, options: argparse.Namespace
) -> tuple[str, list[list[str]], float]:
    """Status, designs (genes of each) and CPU seconds of StrainDesign."""
    with network as model:
        made = strain.production_reaction(target)
        if made not in model.reactions:
            model.add_boundary(model.metabolites.get_by_id(target), type="demand")
        start = cpu_seconds()
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        solving = context.Process(
            target=run_peer,
            args=(
                model,
                peer_modules(strain, made, problem),
                "knock" in problem,
                options,
                sender,
            ),
        )
        solving.start()
        sender.close()
        try:
            status, designs = receiver.recv()
        except EOFError:
            status, designs = "crashed", []
        solving.join()
        if solving.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
            status = "out of time"
        return status, designs, cpu_seconds() - start


def judge_designs(
    strain: StrainModel, target: str, designs: list[list[str]]
) -> tuple[bool, float, float, float]:
    """Whether any design is coupled; deletions, growth and production of the best one.

    The best one is the coupled one of fewest deletions, or of all if none is coupled.
    """
    if not designs:
        return False, float("nan"), float("nan"), float("nan")
    judged = [(strain.judge(target, strain.gene_mask(genes)), len(genes)) for genes in designs]
    coupling, size = min(judged, key=lambda item: (not item[0].coupled, item[1]))
    return coupling.coupled, size, coupling.growth_rate, coupling.production_rate


def summarise(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each tool; CPU seconds for each solved target, and their ratio to ours."""
    rows = []
    for tool, part in table.groupby("tool", sort=False):
        solved = part[part["solved"]]
        rows.append(
            {
                "tool": tool,
                "targets": len(part),
                "gave a design": int((part["designs"] > 0).sum()),
                "solved": len(solved),
                "CPU-s a target": part["cpu_seconds"].mean(),
                "largest": part["cpu_seconds"].max(),
                "CPU-s a solved one": part["cpu_seconds"].sum() / max(len(solved), 1),
                "deletions": solved["deletions"].median(),
                "growth": solved["growth_rate"].median(),
                "production": solved["production_rate"].median(),
            }
        )
    summary = pd.DataFrame(rows)
    ours = summary.loc[summary["tool"] == OURS, "CPU-s a solved one"]
    if len(ours):
        summary["ratio to gemwright"] = summary["CPU-s a solved one"] / ours.iloc[0]
    return summary


def main() -> None:
    """Print the table of all targets and the summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="bundled", help="SBML file; e_coli_core by default")
    parser.add_argument("--targets", nargs="*", help="species; all that are feasible by default")
    parser.add_argument("--every", type=int, default=1, help="take every n-th target only")
    parser.add_argument("--tools", nargs="*", default=[OURS, *PROBLEMS[:2]],
                        choices=[OURS, *PROBLEMS])  # fmt: skip
    parser.add_argument("--solver", default="scip", choices=["scip", "glpk"])
    parser.add_argument(
        "--limit", type=int, default=30, help="CPU seconds for each problem of the peer"
    )
    parser.add_argument("--deletions", type=int, help="most genes that the peer may delete")
    parser.add_argument("--verified", help="CSV of verify_predictions to tell beside")
    parser.add_argument("--csv", help="where to write the results of every target")
    options = parser.parse_args()
    logging.getLogger().setLevel(logging.ERROR)
    Configuration().processes = 1

    model = model_for_design(options.model)
    strain = StrainModel(model)
    table = feasible_targets(strain)
    feasible = table.loc[table["feasible"], "target"].tolist()
    targets = (options.targets or feasible)[:: options.every]
    with tempfile.TemporaryDirectory() as folder:
        # both tools see the very same network, and genes by their ids
        path = Path(folder) / "model.xml"
        write_sbml(replace(model, gene_names={}), path)
        network = read_sbml_model(str(path))
    print(f"{model.identifier}: {len(targets)} targets, {len(strain.genes)} genes")

    rows = []
    nothing = np.zeros(len(strain.genes), np.bool_)
    for target in tqdm(targets, disable=None):
        coupled = strain.judge(target, nothing).coupled
        for tool in options.tools:
            if coupled:
                # there is nothing to suppress, which the peer takes for an error
                status, designs, seconds = "none needed", [[]], 0.0
            elif tool == OURS:
                status, designs, seconds = solve_ourselves(strain, target)
            else:
                status, designs, seconds = solve_as_peer(network, strain, target, tool, options)
            solved, *rates = judge_designs(strain, target, designs)
            rows.append((target, tool, status, solved, seconds, len(designs), *rates))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if options.verified:
        verified = pd.read_csv(options.verified)
        verified = verified[verified["target"].isin(targets)]
        beside = verified.assign(
            tool=OURS + ", " + verified["method"], status=verified["how"],
            solved=verified["verified"], designs=1,
        )  # fmt: skip
        table = pd.concat([table, beside[list(COLUMNS)]], ignore_index=True)
    print(table.round(3).to_string(index=False))
    print()
    print(summarise(table).round(3).to_string(index=False))
    if options.csv:
        write_delimited(table, options.csv)


if __name__ == "__main__":
    main()
