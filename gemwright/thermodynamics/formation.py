"""Energies of formation of a model's metabolites, and which compound each of them is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.gem.model import MetabolicModel
from gemwright.thermodynamics.equilibrator import (
    Compound,
    compounds_of,
    compounds_of_inchikeys,
    read_compounds,
)
from gemwright.thermodynamics.trained import trained_energies

CARRIERS = Path(__file__).parents[1] / "resources" / "thermodynamic_carriers.tsv"
BY_BIGG, BY_CARRIER = "BiGG id", "trained carrier"
BY_STRUCTURE, BY_SNAPSHOT = "InChIKey of our structures", "InChIKey of the model"


@dataclass(frozen=True)
class Formation:
    """What is known of the energies of a model's metabolites.

    Attributes
    ----------
    table : pandas.DataFrame
        metabolite, compound (number in the cache, missing if none), found_by, inchikey, energy
        (standard energy of formation of the major ion at pH 7, kJ/mol), deviation, pair (carriers
        whose energies hold only within their pair), passive (water and protons, which have no
        concentration).
    compounds : mapping of str to Compound
        Metabolite to its compound.
    roots : mapping of str to numpy.ndarray of float, shape (n_finite + n_infinite + n_own,)
        Metabolite to its row of a root of the covariance, kJ/mol, for those with energies.
    """

    table: pd.DataFrame
    compounds: Mapping[str, Compound]
    roots: Mapping[str, FloatArray]

    def of(self, metabolites: Iterable[str]) -> "Formation":
        """Leave out what is known of other metabolites."""
        wanted = set(metabolites)
        table = self.table[self.table["metabolite"].isin(wanted)].reset_index(drop=True)
        compounds = {name: one for name, one in self.compounds.items() if name in wanted}
        roots = {name: root for name, root in self.roots.items() if name in wanted}
        return Formation(table, compounds, roots)


def read_carriers() -> pd.DataFrame:
    """Carriers whose generic pair was trained.

    Returns
    -------
    pandas.DataFrame
        Indexed by metabolite: kegg (trained compound), pair, offset and deviation (kJ/mol, added
        to the trained energy), reason.
    """
    return pd.read_csv(CARRIERS, sep="\t", index_col="metabolite")


def formation_energies(model: MetabolicModel, structures: pd.DataFrame, widest: float) -> Formation:
    """Find the compound and the energy of every metabolite of a model.

    By the table of carriers, then by BiGG id, by the InChIKey of our structures, by the model's.

    Parameters
    ----------
    model : MetabolicModel
    structures : pandas.DataFrame
        bigg_id, inchikey.
    widest : float
        Standard deviation that stands for one that is not known, kJ/mol, for each unit of a
        direction that no measurement touches.
    """
    metabolites = sorted(set(model.species["metabolite"]))
    found, how = _found(model, structures, metabolites)
    compounds = read_compounds(found.values())
    carriers = read_carriers()
    trained = trained_energies()
    own = list(carriers.index[carriers["deviation"] > 0])
    rows, roots = [], {}
    for name in metabolites:
        compound = compounds.get(found.get(name, -1))
        place = None if compound is None else trained.vector(compound)
        energy = deviation = float("nan")
        pair = str(carriers["pair"].get(name, ""))
        if compound is not None and place is not None and not compound.is_proton:
            extra = np.zeros(len(own))
            if name in own:
                extra[own.index(name)] = carriers.loc[name, "deviation"]
            offset = float(carriers["offset"].get(name, 0.0))
            roots[name] = np.concatenate(
                [trained.root @ place, widest * (trained.unknown @ place), extra]
            )
            energy = float(trained.mean @ place) + offset
            deviation = float(np.linalg.norm(roots[name]))
        key = "" if compound is None else compound.inchikey
        number = None if compound is None else compound.number
        passive = compound is not None and (compound.is_proton or compound.is_water)
        rows.append((name, number, how.get(name, ""), key, energy, deviation, pair, passive))
    table = pd.DataFrame(
        rows,
        columns=[
            *("metabolite", "compound", "found_by", "inchikey", "energy", "deviation", "pair"),
            "passive",
        ],
    ).astype({"compound": "Int64"})
    named = {name: compounds[number] for name, number in found.items()}
    return Formation(table, named, roots)


def _found(
    model: MetabolicModel, structures: pd.DataFrame, metabolites: list[str]
) -> tuple[dict[str, int], dict[str, str]]:
    carriers = read_carriers()["kegg"]
    trained = compounds_of("kegg", carriers)
    found = {name: trained[carriers[name]] for name in metabolites if name in carriers.index}
    how = dict.fromkeys(found, BY_CARRIER)

    def add(more: Mapping[str, int], by: str) -> None:
        for name in metabolites:
            if name in more and name not in found:
                found[name], how[name] = more[name], by

    # some ids of BiGG stand at an entry without structure, beside another one that has it
    by_bigg = compounds_of("bigg.metabolite", metabolites)
    entries = read_compounds(by_bigg.values())
    add({name: key for name, key in by_bigg.items() if entries[key].ions is not None}, BY_BIGG)
    ours: dict[str, str] = {}
    if "inchikey" in structures:
        ours = dict(zip(structures["bigg_id"], structures["inchikey"], strict=True))
    snapshot: dict[str, str] = {}
    if "inchikey" in model.species:
        first = model.species.drop_duplicates("metabolite")
        snapshot = dict(zip(first["metabolite"], first["inchikey"], strict=True))
    for keys, by in ((ours, BY_STRUCTURE), (snapshot, BY_SNAPSHOT)):
        own = {
            name: str(keys[name]).split(";")[0]
            for name in metabolites
            if name not in found and name in keys and len(str(keys[name]).split(";")[0]) == 27
        }
        numbers = compounds_of_inchikeys(own.values())
        add({name: numbers[key] for name, key in own.items() if key in numbers}, by)
    add(by_bigg, BY_BIGG)
    return found, how
