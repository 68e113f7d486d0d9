"""Which species can be targets at all, and for which it is proved that coupling cannot be had."""

import numpy as np
import pandas as pd
from tqdm import tqdm

from gemwright.errors import InputError
from gemwright.gem.flux import FLUX_TOLERANCE
from gemwright.strain_design.strain import StrainModel

# bounds from here on stand for "no limit"
_UNLIMITED = 999.0


def check_target(strain: StrainModel, target: str, where: str = "") -> None:
    """Refuse a target that the model cannot make.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    where : str
        File and line, or item, that names it; by default the target itself.

    Raises
    ------
    InputError
        If the model has no such species, no reaction produces it, or none can carry flux.
    """
    try:
        production = strain.production_reaction(target)
    except InputError as error:
        raise InputError(f"{where}, {error.where}".lstrip(", "), error.what, error.cure) from error
    if strain.largest_production(target) > FLUX_TOLERANCE:
        return
    flux = strain.flux
    row = flux.species.index(target) if target in flux.species else -1
    makers = []
    if row >= 0:
        line = flux.matrix[[row], :].tocoo()
        for column, coefficient in zip(line.coords[1], line.data, strict=True):
            forward = coefficient > 0 and flux.upper[column] > 0
            backward = coefficient < 0 and flux.lower[column] < 0
            if (forward or backward) and flux.reactions[column] != production:
                makers.append(flux.reactions[column])
    what = (
        f"cannot be produced on this medium, though {', '.join(sorted(makers)[:3])} "
        f"could make it: no flux reaches it"
        if makers
        else "has no producing reaction"
    )
    raise InputError(
        where or f"target {target!r}",
        f"{target!r} {what}" if where else what,
        "choose a target that the model can make; `feasible_targets` lists them",
    )


def feasible_targets(strain: StrainModel) -> pd.DataFrame:
    """Find out how much of each species the model can make while it grows.

    Parameters
    ----------
    strain : StrainModel
        The model.

    Returns
    -------
    pandas.DataFrame
        target, reaction (whose flux is the production), auxiliary (bool: the model has no export
        of its own), production_max (mmol/gDW/h, at growth of at least the threshold), feasible
        (bool: that reaches the threshold of production), coupled_already (bool: in the wild
        type, without any deletion); one row for each species, sorted.
    """
    flux, least = strain.flux, strain.thresholds
    wild = np.zeros(len(strain.genes), np.bool_)
    rows = []
    for target in tqdm(flux.species, desc="targets", unit="species", disable=None, mininterval=1.0):
        reaction = strain.production_reaction(target)
        most = strain.largest_production(target, least.growth)
        rows.append(
            {
                "target": target,
                "reaction": reaction,
                "auxiliary": flux.index[reaction] >= len(strain.states.reactions),
                "production_max": most,
                "feasible": most >= least.production,
                "coupled_already": most >= least.production and strain.judge(target, wild).coupled,
            }
        )
    return pd.DataFrame(rows).sort_values("target", ignore_index=True)


def find_diversion(strain: StrainModel, target: str) -> dict[str, float] | None:
    """Look for a proof that a target cannot be coupled to growth by any deletions.

    Some reactions are on in every strain that grows and produces: those without genes, those
    whose rule the needed genes satisfy, and those without which both are impossible. If these
    alone can do away with the target, no strain has to export it: added to any flux distribution
    with production, the diversion gives one without production and with the same growth. Fluxes
    may be added backwards only where a reaction is reversible without limit, and bounds of 1000
    are taken for no limit.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species that is feasible.

    Returns
    -------
    dict of str to float, or None
        Reaction to flux for each unit of target not exported: what any producing strain can do
        instead. All of these reactions are on in every strain that grows and produces. None
        proves nothing.
    """
    size = len(strain.states.reactions)
    least = strain.thresholds
    with strain.exporting(target) as production:
        always = np.ones(len(strain.flux.reactions), np.bool_)
        always[:size] = strain.states.on(strain.needed_genes)
        column = strain.flux.index[production]
        goal = {production: (least.production, float(strain.flux.upper[column]))}
        growth = strain.growth_reaction
        top = float(strain.flux.upper[strain.flux.index[growth]])
        with strain.flux.bounds({**goal, growth: (least.growth, top)}):
            shown = strain.flux.optimise()
            if not shown.optimal:
                return None
            dispensable = np.abs(shown.fluxes) == 0
            for candidate in np.flatnonzero(~dispensable & ~always):
                if dispensable[candidate]:
                    continue
                with strain.flux.closed(np.array([candidate])):
                    other = strain.flux.optimise()
                if other.optimal:
                    dispensable |= np.abs(other.fluxes) == 0
                elif other.status == "infeasible":
                    always[candidate] = True
                else:
                    return None
        lower = np.where(always & (strain.flux.lower <= -_UNLIMITED), -1.0, 0.0)
        upper = np.where(always & (strain.flux.upper >= _UNLIMITED), 1.0, 0.0)
    columns = np.flatnonzero((lower < 0) | (upper > 0) | (np.arange(len(lower)) == column))
    columns = columns[columns != strain.flux.index[strain.growth_reaction]]
    network = strain.flux.subset(columns)
    limits = {
        strain.flux.reactions[c]: (float(lower[c]) * 1e3, float(upper[c]) * 1e3) for c in columns
    }
    network.set_bounds({**limits, production: (-1.0, -1.0)})
    route = network.optimise({name: 0.0 for name in network.reactions[:1]})
    if not route.optimal:
        return None
    used = np.flatnonzero(np.abs(route.fluxes) > FLUX_TOLERANCE)
    return {network.reactions[c]: float(route.fluxes[c]) for c in used}
