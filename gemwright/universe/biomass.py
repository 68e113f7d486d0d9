"""What growth takes: the biomass of a kind of organism, or a user's own.

Growth is normalised as in the curated universes: coefficients are mmol/gDW, the fluxes of one hour
make one gram of dry weight, and the flux of the growth reaction is the growth rate (1/h). What is
added to it (`biomass_parts.tsv`: cofactors and two lipids of .000223 mmol/gDW, the amount that the
universes use for their other cofactors) weighs less than a thousandth of a gram, and nothing is
scaled for it; nor is it where an ingredient is left out. A user's table stands as it is.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.medium import EXCHANGE, medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.io.user_tables import read_delimited
from gemwright.universe.kinds import KINDS

logger = logging.getLogger(__name__)

PARTS = Path(__file__).parents[1] / "resources" / "biomass_parts.tsv"
MAINTENANCE = "ATPM"
#: The growth-associated hydrolysis of ATP.
_HYDROLYSIS = {"atp_c": -1.0, "h2o_c": -1.0, "adp_c": 1.0, "pi_c": 1.0, "h_c": 1.0}
# mmol/gDW/h of a demand, far above the solver's tolerance and small enough to be made beside others
_ENOUGH = 1e-3
_COLUMNS = ["reaction", "change", "reason"]


def biomass_parts() -> pd.DataFrame:
    """Ingredients in which kinds differ.

    Returns
    -------
    pandas.DataFrame
        species, part (``wall``, ``membrane`` or ``cofactor``), a column for each of `KINDS`
        (mmol/gDW, 0 if the kind has none), origin, reason.
    """
    table = read_delimited(PARTS, ("species", "part", *KINDS, "origin", "reason"))
    numbers = {kind: [float(cell or 0) for cell in table[kind]] for kind in KINDS}
    return table.assign(**numbers)


def growth_coefficients(model: MetabolicModel) -> dict[str, float]:
    """Species to coefficient of the growth reaction (mmol/gDW, negative if growth takes it)."""
    rows = model.stoichiometry[model.stoichiometry["reaction"] == model.objective]
    return dict(zip(rows["species"], rows["coefficient"], strict=True))


def set_biomass(model: MetabolicModel, kind: str) -> tuple[MetabolicModel, pd.DataFrame]:
    """Exchange the ingredients in which kinds of organisms differ for those of one kind.

    Parameters
    ----------
    model : MetabolicModel
        A universe, of which `reconstruction.checks` finds that it can serve; its growth reaction
        may be of any kind.
    kind : str
        One of `KINDS`.

    Returns
    -------
    model : MetabolicModel
        With another growth reaction.
    changes : pandas.DataFrame
        reaction (always the growth reaction), change, reason: also what the kind asks for and the
        universe cannot make, which is left out and warned of.
    """
    parts = biomass_parts()
    old = growth_coefficients(model)
    wanted = dict(zip(parts["species"], parts[kind], strict=True))
    asked = [
        species for species, number in wanted.items() if number and -number != old.get(species)
    ]
    lacking = cannot_make(model, asked)
    new = {species: number for species, number in old.items() if species not in wanted}
    new |= {s: -number for s, number in wanted.items() if number and s not in lacking}
    reasons = dict(zip(parts["species"], parts["reason"], strict=True))
    return with_growth(model, new), _changes(model, old, new, lacking, reasons, f"biomass {kind!r}")


def set_own_biomass(
    model: MetabolicModel, coefficients: Mapping[str, float], where: str
) -> tuple[MetabolicModel, pd.DataFrame]:
    """Exchange the growth reaction for a user's own, see `inputs.biomass.read_biomass`.

    Parameters
    ----------
    model : MetabolicModel
        A universe.
    coefficients : mapping of str to float
        Species to mmol/gDW, negative if growth takes it.
    where : str
        The table, for messages.

    Returns
    -------
    model : MetabolicModel
        With the growth reaction of the table, but for what the universe cannot make.
    changes : pandas.DataFrame
        As `set_biomass`.

    Raises
    ------
    InputError
        If the universe can make nothing of it.
    """
    old = growth_coefficients(model)
    taken = [species for species, number in coefficients.items() if number < 0]
    present = set(model.stoichiometry["species"])
    lacking = cannot_make(model, taken)
    # what growth gives off has to go somewhere
    lacking += [s for s, number in coefficients.items() if number > 0 and s not in present]
    new = {s: number for s, number in coefficients.items() if s not in lacking}
    if not set(taken) - set(lacking):
        raise InputError(
            where, "the universe can make nothing of it", "give species such as 'ala__L_c'"
        )
    return with_growth(model, new), _changes(model, old, new, lacking, {}, where)


def set_maintenance(
    model: MetabolicModel, gam: float | None = None, ngam: float | None = None
) -> MetabolicModel:
    """Set what growth and maintenance cost.

    Parameters
    ----------
    model : MetabolicModel
        A universe with the reaction `MAINTENANCE`.
    gam : float, optional
        Growth-associated maintenance, mmol ATP/gDW, which replaces that of the growth reaction:
        the ADP that it gives off (53.95 in the curated universes).
    ngam : float, optional
        Other maintenance, mmol ATP/gDW/h: the least flux of `MAINTENANCE` (0 in the curated
        universes).
    """
    if gam is not None:
        old = growth_coefficients(model)
        more = gam - old.get("adp_c", 0.0)
        new = {s: old.get(s, 0.0) + more * number for s, number in _HYDROLYSIS.items()}
        model = with_growth(model, old | new)
    if ngam is not None:
        table = model.reactions.copy()
        table.loc[table["reaction"] == MAINTENANCE, "lower_bound"] = ngam
        model = replace(model, reactions=table)
    return model


def organism_biomass(
    model: MetabolicModel,
    biomass: str = "",
    own: Mapping[str, float] | None = None,
    gam: float | None = None,
    ngam: float | None = None,
) -> tuple[MetabolicModel, pd.DataFrame]:
    """Give a universe the growth reaction and the maintenance of an organism.

    Parameters
    ----------
    model : MetabolicModel
        The organism's universe.
    biomass : str
        One of `KINDS`, the path of the table behind `own`, or ``""``: that of the universe.
    own : mapping of str to float, optional
        A user's growth reaction, see `set_own_biomass`.
    gam, ngam : float, optional
        See `set_maintenance`.

    Returns
    -------
    model : MetabolicModel
        The universe of this organism.
    changes : pandas.DataFrame
        reaction, change, reason.
    """
    tables = [pd.DataFrame(columns=_COLUMNS)]
    if own:
        model, changes = set_own_biomass(model, own, biomass or "own biomass")
        tables.append(changes)
    elif biomass:
        model, changes = set_biomass(model, biomass)
        tables.append(changes)
    costs = (
        (gam, model.objective, "mmol ATP/gDW", "gam"),
        (ngam, MAINTENANCE, "mmol/gDW/h", "ngam"),
    )
    for value, reaction, unit, name in costs:
        if value is not None:
            row = (reaction, f"spends {value:g} {unit}", f"{name} of the organism")
            tables.append(pd.DataFrame([row], columns=_COLUMNS))
    return set_maintenance(model, gam, ngam), pd.concat(tables, ignore_index=True)


def with_growth(model: MetabolicModel, coefficients: Mapping[str, float]) -> MetabolicModel:
    """Copy of a model with other coefficients of its growth reaction; zeros are left out."""
    rows = model.stoichiometry[model.stoichiometry["reaction"] != model.objective]
    growth = pd.DataFrame(
        [(model.objective, species, number) for species, number in coefficients.items() if number],
        columns=rows.columns,
    )
    return replace(model, stoichiometry=pd.concat([rows, growth], ignore_index=True))


def cannot_make(
    model: MetabolicModel, species: Collection[str], medium: Collection[str] | None = None
) -> list[str]:
    """Species of which a model has none left, whatever it takes up.

    Parameters
    ----------
    model : MetabolicModel
        Any model; its maintenance may rest.
    species : collection of str
        What is asked for, each alone.
    medium : collection of str, optional
        What may enter (BiGG metabolites), or mapping to the largest uptake; everything that has
        an exchange reaction by default.

    Returns
    -------
    list of str
        In the order of `species`; also those that no reaction of the model names.
    """
    flux = FluxModel.of(model)
    if medium is None:
        exchanges = [name for name in flux.reactions if name.startswith(EXCHANGE)]
        medium = [name.removeprefix(EXCHANGE).removesuffix("_e") for name in exchanges]
    flux.set_bounds(medium_bounds(model, medium))
    if MAINTENANCE in flux:
        flux.set_bounds({MAINTENANCE: (0.0, float(flux.upper[flux.index[MAINTENANCE]]))})
    present = set(flux.species)
    asked = [name for name in dict.fromkeys(species) if name in present]
    demands = dict(zip(flux.add_demands(asked), asked, strict=True))
    # all together first, which is one program where everything can be made
    made = _made(flux, list(demands))
    for demand in demands.keys() - made:
        made |= _made(flux, [demand])
    can = {demands[demand] for demand in made}
    return [name for name in dict.fromkeys(species) if name not in can]


def _made(flux: FluxModel, demands: list[str]) -> set[str]:
    """Demands that can have flux, of some that are open together."""
    with flux.bounds(dict.fromkeys(demands, (0.0, _ENOUGH))):
        solution = flux.optimise(dict.fromkeys(demands, 1.0))
    if not demands or not solution.optimal:
        return set()
    fluxes = solution.fluxes[[flux.index[name] for name in demands]]
    return {name for name, value in zip(demands, fluxes, strict=True) if value > FLUX_TOLERANCE}


def _changes(
    model: MetabolicModel,
    old: Mapping[str, float],
    new: Mapping[str, float],
    lacking: Collection[str],
    reasons: Mapping[str, str],
    what: str,
) -> pd.DataFrame:
    """Table of what changed in the growth reaction; what is lacking is warned of as well."""
    rows = []
    for species in dict.fromkeys([*old, *new]):
        before, after = old.get(species, 0.0), new.get(species, 0.0)
        if before != after and species not in lacking:
            change = f"{_told(after)} {species} ({_told(before)} before)"
            rows.append((model.objective, change, reasons.get(species, what)))
    for species in lacking:
        rows.append((model.objective, f"leaves {species} out", "the universe cannot make it"))
    if lacking:
        logger.warning(
            "%s, %s: left out, because the universe cannot make it: %s",
            model.identifier, what, ", ".join(lacking),
        )  # fmt: skip
    return pd.DataFrame(rows, columns=_COLUMNS)


def _told(number: float) -> str:
    """Say what growth does with an ingredient."""
    if not number:
        return "takes no"
    return f"{'takes' if number < 0 else 'gives off'} {abs(number):g}"
