"""A model in a medium, under the conditions at which its physiology is measured."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.gem.carriers import DISSIPATIONS
from gemwright.gem.flux import FluxModel
from gemwright.gem.medium import (
    OPEN,
    VITAMINS,
    Medium,
    exchange_of,
    feeds_carbon,
    medium_bounds,
    uptake_limits,
)
from gemwright.gem.model import MetabolicModel
from gemwright.gem.parsimony import parsimonious_fluxes

OXYGEN = "o2"
# 1/h; less is what solvers leave of nothing
GROWS = 1e-6
Bounds = Mapping[str, tuple[float, float]]
_HYDROLYSIS = "hydrolysis of ATP, measured"


class Culture:
    """A model loaded once, on a medium of which only the carbon sources are limited.

    Parameters
    ----------
    model : MetabolicModel
        With BiGG identifiers and one growth reaction; its own medium is ignored.
    medium : list of str or dict of str to float
        Compounds of the medium, with limits of their own if it gives any.
    protocol : MediumOptions, optional
        Uptakes; whatever protocol it names, only carbon sources are limited here.
    costs : mapping of str to float, optional
        Of fluxes, see `gemwright.gem.parsimony.confidence_costs`.

    Attributes
    ----------
    flux : FluxModel
        The model on the medium.
    sources : dict of str to float
        Carbon sources that the model has an exchange for, and how much of each it may take up
        (mmol/gDW/h); vitamins are none.

    Raises
    ------
    InputError
        If the model has no growth reaction.
    """

    def __init__(
        self,
        model: MetabolicModel,
        medium: Medium,
        protocol: MediumOptions | None = None,
        costs: Mapping[str, float] | None = None,
    ) -> None:
        self.model = model
        self.growth_reaction = model.growth_reaction(f"model {model.identifier!r}")
        self._protocol = replace(protocol or MediumOptions(), protocol="carbon_limited")
        self._costs = costs or {}
        self._hydrolyses = _hydrolyses(model.stoichiometry)
        added = pd.DataFrame(
            [(_HYDROLYSIS, *side) for side in DISSIPATIONS["ATP"].items()],
            columns=["reaction", "species", "coefficient"],
        )
        bounds = ["reaction", "lower_bound", "upper_bound"]
        closed = pd.DataFrame([(_HYDROLYSIS, 0.0, 0.0)], columns=bounds)
        self.flux = FluxModel(
            pd.concat([model.reactions[bounds], closed], ignore_index=True),
            pd.concat([model.stoichiometry, added], ignore_index=True),
            self.growth_reaction,
        )
        self.flux.set_bounds(medium_bounds(model, medium, self._protocol))
        self._limits = uptake_limits(model, medium, self._protocol)
        formulas = dict(zip(model.species["species"], model.species["formula"], strict=True))
        self._feeding = [
            name
            for name in self._limits
            if exchange_of(name) in self.flux and feeds_carbon(name, formulas.get(f"{name}_e"))
        ]
        self.sources = {name: self._limits[name] for name in self._feeding if name not in VITAMINS}

    def oxygen(self, most: float) -> Bounds:
        """Bounds with at most so much oxygen taken up (mmol/gDW/h)."""
        return self._uptake({OXYGEN: most})

    def without_carbon(self) -> Bounds:
        """Bounds with no carbon taken up, that of vitamins neither."""
        return self._uptake(dict.fromkeys(self._feeding, 0.0))

    def with_acceptor(self, compound: str) -> Bounds:
        """Bounds with another compound in the medium, as far as the protocol lets it in."""
        return self._uptake(uptake_limits(self.model, [compound], self._protocol))

    def _uptake(self, limits: Mapping[str, float]) -> Bounds:
        known = {exchange_of(name): limit for name, limit in limits.items()}
        return {name: (-limit, OPEN) for name, limit in known.items() if name in self.flux}

    def growth(self, bounds: Bounds | None = None) -> float:
        """Largest growth, 1/h."""
        with self.flux.bounds(bounds or {}):
            return self.flux.growth()

    def atp(self, bounds: Bounds | None = None) -> float:
        """Largest hydrolysis of ATP that can be fed (mmol/gDW/h), without growth or maintenance."""
        with self._resting(), self.flux.bounds({_HYDROLYSIS: (0.0, OPEN), **(bounds or {})}):
            solution = self.flux.optimise(_HYDROLYSIS)
        return max(solution.value, 0.0) if solution.optimal else float("nan")

    def largest_export(self, compound: str, bounds: Bounds | None = None) -> float:
        """Largest export of a compound (mmol/gDW/h), without maintenance; 0 if it cannot leave."""
        exchange = exchange_of(compound)
        if exchange not in self.flux:
            return 0.0
        free = {self.growth_reaction: (0.0, OPEN)}
        with self._resting(), self.flux.bounds({**free, **(bounds or {})}):
            solution = self.flux.optimise(exchange)
        return max(solution.value, 0.0) if solution.optimal else float("nan")

    @contextmanager
    def _resting(self) -> Iterator[None]:
        """Let neither growth nor maintenance demand ATP."""
        upper = {name: float(self.flux.upper[self.flux.index[name]]) for name in self._hydrolyses}
        rest = {name: (0.0, max(most, 0.0)) for name, most in upper.items()}
        with self.flux.bounds({**rest, self.growth_reaction: (0.0, 0.0)}):
            yield

    def fluxes(self, bounds: Bounds | None = None) -> dict[str, float]:
        """Parsimonious fluxes at the largest growth; empty without growth."""
        with self.flux.bounds(bounds or {}):
            if self.flux.growth() <= GROWS:
                return {}
            return parsimonious_fluxes(self.flux, self._costs) or {}


def _hydrolyses(stoichiometry: pd.DataFrame) -> list[str]:
    """Reactions that hydrolyse ATP and do nothing else: maintenance, whatever it is called."""
    sides = DISSIPATIONS["ATP"]
    candidates = stoichiometry.loc[
        (stoichiometry["species"] == "atp_c") & (stoichiometry["coefficient"] == -1), "reaction"
    ]
    rows = stoichiometry[stoichiometry["reaction"].isin(set(candidates))]
    return [
        str(name)
        for name, part in rows.groupby("reaction")
        if dict(zip(part["species"], part["coefficient"], strict=True)) == sides
    ]
