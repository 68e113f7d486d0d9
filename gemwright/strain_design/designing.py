"""From targets to strains: strategies gathered, judged and ranked, the first written as SBML."""

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from gemwright.arrays import BoolArray
from gemwright.io.tables import write_delimited, write_parquet
from gemwright.strain_design.designs import COLUMNS, design_envelopes, rank_designs
from gemwright.strain_design.search import find_strategy
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.strain_sbml import write_best_designs
from gemwright.strain_design.targets import find_diversion

logger = logging.getLogger(__name__)

Proposals = Callable[[StrainModel, str], Sequence[tuple[str, BoolArray]]]


def design_strains(
    strain: StrainModel,
    targets: Sequence[str],
    proposals: Proposals | None,
    gene_names: Mapping[str, str],
    folder: str | Path,
) -> None:
    """Design strains for some targets.

    Parameters
    ----------
    strain : StrainModel
        The model.
    targets : sequence of str
        Species.
    proposals : callable, optional
        Gives further strategies for a target and where they come from; one computed from the
        model alone is always tried.
    gene_names : mapping of str to str
        Gene to name.
    folder : str or Path
        Receives ``designs.csv`` (`designs.rank_designs`; a target without any strategy has one
        row that says so), ``envelopes.parquet`` (target, strain, growth_rate, production_min,
        production_max), and ``<target>_1.xml``, the strain with the fewest deletions.
    """
    records: list[dict[Hashable, object]] = []
    envelopes = []
    for target in tqdm(targets, desc="designs", unit="target", disable=None):
        found = list(proposals(strain, target)) if proposals else []
        impossible = find_diversion(strain, target) is not None
        computed = None if impossible else find_strategy(strain, target)
        if computed is not None:
            found.append(("computed", computed))
        designs = rank_designs(strain, target, found, gene_names)
        if designs.empty:
            logger.warning("%s: no strategy was found", target)
            origin = "proved impossible" if impossible else "none found"
            records.append({"target": target, "origin": origin, "coupled": False})
        records.extend(designs.to_dict("records"))
        for name, envelope in design_envelopes(strain, target, designs).items():
            envelopes.append(envelope.assign(target=target, strain=name))
    table = pd.DataFrame(records, columns=list(COLUMNS))
    table = table.astype({"rank": "Int64", "deletions": "Int64"})
    Path(folder).mkdir(parents=True, exist_ok=True)
    write_best_designs(strain, table, folder, gene_names)
    write_parquet(pd.concat(envelopes, ignore_index=True), Path(folder) / "envelopes.parquet")
    write_delimited(table, Path(folder) / "designs.csv")
