"""Standard Gibbs energies of a model's reactions, within and across its compartments.

With pH inside of dG'0, for a reaction over compartments k that are ordered from the inside out::

    dG'0 = sum_i nu_i g'_i(k_i) + sum_k [F phi_k z_k - RT ln 10 pH_k n_k]

n_k and z_k are the protons and charges that reach compartment k, counted by the ions that cross
(the most abundant ones inside, and free protons); the innermost compartment of the reaction pays
for what the others get. This is linear in the reaction, so that energies along a cycle sum to 0.

Source: H. S. Haraldsdottir et al., Biophys. J. 102 (2012) 1703, doi:10.1016/j.bpj.2012.02.032.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel
from gemwright.thermodynamics.formation import Formation, formation_energies
from gemwright.thermodynamics.transforms import FARADAY, crossing_ion, rt, transformed

SYMPORTS = Path(__file__).parents[1] / "resources" / "thermodynamic_symports.tsv"
KNOWN, UNKNOWN, WIDE = "known", "compound without energy", "never trained"
UNBALANCED, BOUNDARY = "does not balance", "boundary"
HALF_PAIR = "makes or breaks a carrier"
_SMALLEST = 1e-9
# deviations of what was never trained (component-contribution's RMSE_inf)
_UNTRAINED = 1e5


@dataclass(frozen=True)
class ReactionEnergies:
    """Energies of the reactions of a model.

    Attributes
    ----------
    compounds : pandas.DataFrame
        See `gemwright.thermodynamics.formation.Formation.table`.
    reactions : pandas.DataFrame
        reaction, energy (dG'0, kJ/mol), deviation (standard deviation), status (`KNOWN` or why it
        is not), protons and charge (moved out of the innermost compartment), source, missing
        (metabolites without energy, joined by ``;``), fits (whether the protons that the model
        writes are those by which the ions differ; where they are not, a cycle with the reaction
        outside of the innermost compartment need not sum to 0). `energy` is missing unless it is
        known.
    root : numpy.ndarray of float, shape (n_reactions, n_directions)
        ``root @ root.T`` is the covariance of `energy`, (kJ/mol)^2; rows as `reactions`, 0 where
        the energy is not known.
    """

    compounds: pd.DataFrame
    reactions: pd.DataFrame
    root: FloatArray


def read_symports() -> pd.DataFrame:
    """Transports in which a complex crosses.

    Returns
    -------
    pandas.DataFrame
        metabolite, with (what crosses with it in the same direction, and nothing else), charge
        (what it carries above its ion's), reason.
    """
    return pd.read_csv(SYMPORTS, sep="\t")


def energies_of_formation(model: MetabolicModel, structures: pd.DataFrame) -> Formation:
    """Find what `reaction_energies` takes of the metabolites; see `formation_energies`."""
    return formation_energies(model, structures, _UNTRAINED)


def reaction_energies(
    model: MetabolicModel,
    structures: pd.DataFrame,
    options: ThermodynamicOptions | None = None,
    formation: Formation | None = None,
) -> ReactionEnergies:
    """Compute the standard Gibbs energies of a model's reactions.

    Parameters
    ----------
    model : MetabolicModel
        A model or a universe with metabolite ids of BiGG.
    structures : pandas.DataFrame
        bigg_id, inchikey, for metabolites that are not found by their BiGG id.
    options : ThermodynamicOptions, optional
        Conditions.
    formation : Formation, optional
        What `energies_of_formation` says of these metabolites and perhaps others, where it is known
        already.

    Raises
    ------
    InputError
        If the model has a compartment of which the conditions are not told.
    """
    given = options or ThermodynamicOptions()
    for compartment in sorted(set(model.species["compartment"])):
        if compartment not in given.ph:
            raise InputError(
                f"model {model.identifier!r}, compartment {compartment!r}",
                "has no pH",
                f"add it to thermodynamics.ph, which knows {', '.join(given.ph)}",
            )
    if formation is None:
        formation = energies_of_formation(model, structures)
    formation = formation.of(model.species["metabolite"])
    place = model.species.set_index("species")[["metabolite", "compartment"]]
    sums = _Sums(formation, given)
    used = model.stoichiometry.join(place, on="species")
    parts: dict[str, list[_Entry]] = {}
    columns = ["reaction", "metabolite", "compartment", "coefficient"]
    for name, *entry in used[columns].itertuples(index=False, name=None):
        parts.setdefault(name, []).append(tuple(entry))
    rows, roots = [], []
    width = len(next(iter(formation.roots.values()), np.empty(0)))
    for name in model.reactions["reaction"]:
        row, root = sums.of(parts.get(name, []))
        rows.append((name, *row))
        roots.append(np.zeros(width) if root is None else root)
    columns = [
        *("reaction", "energy", "deviation", "status", "protons", "charge", "source"),
        *("missing", "fits"),
    ]
    table = pd.DataFrame(rows, columns=columns)
    return ReactionEnergies(formation.table, table, _compressed(np.array(roots)))


def _compressed(root: FloatArray) -> FloatArray:
    """Root with no more columns than its rank, the largest directions first."""
    if not root.size:
        return root
    # directions of the triangular factor are those of the root, for a tenth of the time
    _, values, right = np.linalg.svd(np.linalg.qr(root, mode="r"))
    kept = values > 1e-9 * max(values.max(), 1.0)
    compressed: FloatArray = root @ right[: len(values)][kept].T
    return compressed


# metabolite, compartment, coefficient
_Entry = tuple[str, str, float]
_Row = tuple[float, float, str, float, float, str, str, bool]


class _Sums:
    def __init__(self, formation: Formation, options: ThermodynamicOptions) -> None:
        self.formation, self.options = formation, options
        self.energy = formation.table.set_index("metabolite")["energy"].to_dict()
        self.pair = formation.table.set_index("metabolite")["pair"].to_dict()
        self.symports = list(read_symports().itertuples(index=False))
        self.rank = {name: number for number, name in enumerate(options.ph)}
        self._transforms: dict[tuple[str, float], float] = {}
        self._crossing: dict[tuple[str, float], tuple[float, float]] = {}

    def of(self, part: list[_Entry]) -> tuple[_Row, FloatArray | None]:
        nothing = float("nan")
        if len({amount > 0 for _, _, amount in part}) < 2:
            return (nothing, nothing, BOUNDARY, nothing, nothing, "", "", False), None
        compounds = self.formation.compounds
        names = {name for name, _, _ in part}
        protons = {name for name in names if self._is_proton(name)}
        # what only crosses brings the same energy of formation to either side
        crosses = {name: abs(total) < _SMALLEST for name, total in _totals(part).items()}
        missing = sorted(
            {
                name
                for name in names
                if name not in protons
                and (
                    name not in compounds
                    or compounds[name].ions is None
                    or (name not in self.formation.roots and not crosses[name])
                )
            }
        )
        if missing:
            return (nothing, nothing, UNKNOWN, nothing, nothing, "", ";".join(missing), False), None
        if not self._pairs_stay(part):
            return (nothing, nothing, HALF_PAIR, nothing, nothing, "", "", False), None
        if not self._balances(part):
            return (nothing, nothing, UNBALANCED, nothing, nothing, "", "", False), None
        root: FloatArray = np.zeros(len(next(iter(self.formation.roots.values()))))
        energy = 0.0
        for name, where, amount in part:
            if name in protons:
                continue
            energy += amount * self._transformed(name, self.options.ph[where])
            if not crosses[name]:
                energy += amount * self.energy[name]
                root = root + amount * self.formation.roots[name]
        moved, charge, crossing, curated = self._crossed(part, protons)
        energy += crossing
        fits = self._fits(part, protons)
        deviation = float(np.linalg.norm(root))
        pairs = any(self.pair[name] for name in names - protons)
        source = "component contribution"
        source += "; trained carriers" if pairs else ""
        source += f"; {curated}" if curated else ""
        if deviation >= self.options.widest_deviation:
            return (nothing, deviation, WIDE, moved, charge, source, "", fits), None
        return (energy, deviation, KNOWN, moved, charge, source, "", fits), root

    def _is_proton(self, name: str) -> bool:
        compound = self.formation.compounds.get(name)
        return compound is not None and compound.is_proton

    def _pairs_stay(self, part: list[_Entry]) -> bool:
        sums: dict[str, float] = {}
        for name, _, amount in part:
            if pair := self.pair[name]:
                # tails of another length are another carrier
                key = pair + "".join(filter(str.isdigit, name.removeprefix("2dm").split("h2")[0]))
                sums[key] = sums.get(key, 0.0) + amount
        return all(abs(total) < _SMALLEST for total in sums.values())

    def _balances(self, part: list[_Entry]) -> bool:
        """Whether all atoms but hydrogen balance, and electrons once protons made up for it."""
        sums: dict[str, float] = {}
        for name, _, amount in part:
            atoms = self.formation.compounds[name].atoms
            for atom, count in atoms.items():
                sums[atom] = sums.get(atom, 0.0) + amount * count
        sums.pop("H", None)
        return all(abs(total) < 1e-6 for total in sums.values())

    def _transformed(self, name: str, ph: float) -> float:
        if (name, ph) not in self._transforms:
            ions = self.formation.compounds[name].ions
            assert ions is not None
            self._transforms[name, ph] = transformed(ions, ph, self.options)
        return self._transforms[name, ph]

    def _ion(self, name: str, ph: float) -> tuple[float, float]:
        if (name, ph) not in self._crossing:
            ions = self.formation.compounds[name].ions
            assert ions is not None
            self._crossing[name, ph] = crossing_ion(ions, ph, self.options)
        return self._crossing[name, ph]

    def _crossed(self, part: list[_Entry], protons: set[str]) -> tuple[float, float, float, str]:
        places = self._places(part)
        if len(places) == 1:
            return 0.0, 0.0, 0.0, ""
        inner = next(iter(self.options.ph.values()))
        extra, curated = self._symport(part)
        hydrogens, charges = dict.fromkeys(places, 0.0), dict.fromkeys(places, 0.0)
        for name, where, amount in part:
            held, charge = (1.0, 1.0) if name in protons else self._ion(name, inner)
            hydrogens[where] += amount * held
            charges[where] += amount * (charge + extra.get(name, 0.0))
        outside = places[1:]
        hydrogens[places[0]] = -sum(hydrogens[place] for place in outside)
        charges[places[0]] = -sum(charges[place] for place in outside)
        potential = self.options.potential
        steepness = rt(self.options.temperature) * float(np.log(10))
        energy = sum(
            FARADAY * potential.get(place, 0.0) * charges[place]
            - steepness * self.options.ph[place] * hydrogens[place]
            for place in places
        )
        moved = -hydrogens[places[0]] or 0.0
        return moved, -charges[places[0]] or 0.0, energy, curated

    def _fits(self, part: list[_Entry], protons: set[str]) -> bool:
        inner = next(iter(self.options.ph.values()))
        sums = np.zeros(2)
        for name, _, amount in part:
            sums += amount * np.array((1.0, 1.0) if name in protons else self._ion(name, inner))
        return bool((np.abs(sums) < 1e-6).all())

    def _symport(self, part: list[_Entry]) -> tuple[dict[str, float], str]:
        for one in self.symports:
            if {name for name, _, _ in part} == {one[0], one[1]} and self._one_way(part):
                return {one[0]: float(one[2])}, "complex crosses"
        return {}, ""

    def _places(self, part: list[_Entry]) -> list[str]:
        return sorted({where for _, where, _ in part}, key=self.rank.__getitem__)

    def _one_way(self, part: list[_Entry]) -> bool:
        places = self._places(part)
        if len(places) != 2:
            return False
        inwards = {(amount > 0) == (where == places[0]) for _, where, amount in part}
        return len(inwards) == 1


def _totals(part: list[_Entry]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for name, _, amount in part:
        sums[name] = sums.get(name, 0.0) + amount
    return sums
