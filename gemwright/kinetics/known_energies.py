"""The energies of a kinetic model's reference state beside those that are known."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.gem.carriers import DISSIPATIONS
from gemwright.gem.model import MetabolicModel
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.physiology import Physiology
from gemwright.kinetics.state import MICROMOLAR
from gemwright.thermodynamics.reactions import KNOWN
from gemwright.thermodynamics.states import flux_state_driving_force, state_energies
from gemwright.thermodynamics.transforms import rt

#: Of `compare_energies`.
COLUMNS = (
    *("reaction", "flux", "own_standard", "own", "standard", "deviation", "energy"),
    *("difference", "same_sign", "against_flux", "status"),
)
MAINTENANCE = "ATPM"
OTHER = "no such reaction in BiGG"
# neither stands in a quotient of concentrations; kinetic models leave water out
_PASSIVE = frozenset({"h", "h2o"})
# what a periplasm is in models without one
_OUTSIDE = {"p": "e"}
_NOTHING = float("nan")


def compare_energies(
    physiology: Physiology,
    universal: MetabolicModel,
    structures: pd.DataFrame,
    options: ThermodynamicOptions | None = None,
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Lay a state's own energies beside the known ones at the state's own concentrations.

    Parameters
    ----------
    physiology : Physiology
        With reactions and species of BiGG, in SKiMpy's spelling or BiGG's.
    universal : MetabolicModel
        Every reaction of BiGG, which have water where the kinetic model has none.
    structures : pandas.DataFrame
        bigg_id, inchikey.
    options : ThermodynamicOptions, optional

    Returns
    -------
    reactions : pandas.DataFrame
        `COLUMNS`, as the kinetic model writes the reaction, in kJ/mol: own_standard and own (dG'0
        and dG of the state, missing for reactions that it takes for irreversible), standard,
        deviation and energy (known dG'0 with its deviation, and dG at the state's
        concentrations), difference (of dG'0), same_sign (whether the known dG drives the flux),
        against_flux (whether it does not even `state_deviations` off), status.
    summary : dict of str to object
        reactions (with both energies), same_sign and against_flux (of them), mean_difference (of
        dG'0 without its sign, kJ/mol), correlation (of dG'0), within (share with a difference of
        `state_deviations` at most), driving_force (kJ/mol, by the known energies at any
        concentrations), bottleneck, refused.
    """
    given = options or ThermodynamicOptions()
    network = _with_maintenance(universal)
    found = _reactions_of(physiology.model, network)
    names = [reaction.name for reaction in physiology.model.reactions]
    fluxes = dict(zip(names, physiology.state.fluxes, strict=True))
    state = {name: times * fluxes[own] for own, (name, times) in found.items()}
    energies = state_energies(network, state, structures, given)
    known = energies.reactions.set_index("reaction")
    scale, rows = rt(given.temperature), []
    quotients = scale * _quotients(physiology)
    for name, gamma, moved in zip(names, physiology.state.displacements, quotients, strict=True):
        own = scale * float(np.log(gamma)) if gamma > 0 else _NOTHING
        theirs, times = found.get(name, ("", 1.0))
        standard = times * float(known["energy"].get(theirs, _NOTHING))
        deviation = abs(times) * float(known["deviation"].get(theirs, _NOTHING))
        energy, flux = standard + moved, fluxes[name]
        against = float(np.sign(flux)) * energy - given.state_deviations * deviation > 0
        rows.append(
            (
                *(name, flux, own - moved, own, standard, deviation, energy),
                *(own - moved - standard, energy * flux < 0, against),
                known["status"].get(theirs, OTHER),
            )
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    both = table[(table["status"] == KNOWN) & table["own"].notna()]
    off = both["difference"].abs()
    told = flux_state_driving_force(network, state, energies, given)
    return table, {
        "reactions": len(both),
        "same_sign": int(both["same_sign"].sum()),
        "against_flux": int(both["against_flux"].sum()),
        "mean_difference": float(off.mean()),
        "correlation": float(both["own_standard"].corr(both["standard"])),
        "within": float((off <= given.state_deviations * both["deviation"]).mean()),
        "driving_force": told.driving_force,
        "bottleneck": " ".join(told.bottleneck),
        "refused": "; ".join(told.refused),
    }


def energy_tables(
    physiologies: Iterable[Physiology],
    universal: MetabolicModel,
    structures: pd.DataFrame,
    options: ThermodynamicOptions | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare several physiologies.

    Returns
    -------
    reactions, summary : pandas.DataFrame
        physiology, and what `compare_energies` tells of it.
    """
    tables, rows = [], []
    for one in physiologies:
        compared, summary = compare_energies(one, universal, structures, options)
        tables.append(compared.assign(physiology=one.name)[["physiology", *COLUMNS]])
        rows.append({"physiology": one.name, **summary})
    return pd.concat(tables, ignore_index=True), pd.DataFrame(rows)


def _with_maintenance(universal: MetabolicModel) -> MetabolicModel:
    """Add the hydrolysis of ATP, which models have under one name and BiGG's list has not."""
    sides = DISSIPATIONS["ATP"]
    added = pd.DataFrame(
        {"reaction": MAINTENANCE, "species": list(sides), "coefficient": list(sides.values())}
    )
    reaction = pd.DataFrame({"reaction": [MAINTENANCE], "lower_bound": 0.0, "upper_bound": 1000.0})
    known = universal.part(universal.identifier, {*universal.reactions["reaction"]} - {MAINTENANCE})
    return replace(
        universal,
        reactions=pd.concat([known.reactions, reaction], ignore_index=True),
        stoichiometry=pd.concat([known.stoichiometry, added], ignore_index=True),
    )


def _quotients(physiology: Physiology) -> FloatArray:
    """Ln of each reaction's quotient of concentrations, M, without protons."""
    model = physiology.model
    amounts = np.asarray(model.stoichiometry, float).copy()
    amounts[[_split(name)[0] in _PASSIVE for name in model.species]] = 0.0
    quotients: FloatArray = amounts.T @ np.log(physiology.state.concentrations / MICROMOLAR)
    return quotients


def _split(species: str) -> tuple[str, str]:
    metabolite, _, compartment = species.rpartition("_")
    return _plain(metabolite), compartment


def _plain(name: str) -> str:
    """Take out of a name what SKiMpy spells otherwise."""
    return name.replace("-", "").replace("_", "")


def _equation(balance: Mapping[str, float]) -> dict[tuple[str, str], float]:
    sums: dict[tuple[str, str], float] = {}
    for species, amount in balance.items():
        metabolite, compartment = _split(species)
        key = metabolite, _OUTSIDE.get(compartment, compartment)
        if metabolite not in _PASSIVE:
            sums[key] = sums.get(key, 0.0) + amount
    return {key: amount for key, amount in sums.items() if amount}


def _reactions_of(model: KineticModel, universal: MetabolicModel) -> dict[str, tuple[str, float]]:
    """BiGG's reaction with the name and equation of each kinetic one, and how often it runs."""
    wanted = {_plain(reaction.name): reaction for reaction in model.reactions}
    names = universal.reactions["reaction"]
    names = names[names.map(_plain).isin(set(wanted))]
    used = universal.stoichiometry[universal.stoichiometry["reaction"].isin(set(names))]
    found = {}
    for name, rows in used.groupby("reaction"):
        theirs = _equation(dict(zip(rows["species"], rows["coefficient"], strict=True)))
        reaction = wanted[_plain(str(name))]
        ours = _equation(reaction.balance)
        times = {round(ours.get(key, 0.0) / amount, 6) for key, amount in theirs.items()}
        if set(ours) == set(theirs) and len(times) == 1:
            found[reaction.name] = (str(name), times.pop())
    return found
