"""From a flux mode that makes the target to a strain that cannot grow without making it."""

import numpy as np

from gemwright.arrays import BoolArray, FloatArray
from gemwright.strain_design.modes import (
    ACTIVE,
    Demand,
    ModeFinder,
    critical_genes,
    keep_on,
)
from gemwright.strain_design.strain import StrainModel

# price of a reaction's use beside that of its genes: short modes are preferred
_USE = 0.02
# price of what every strain needs
_NEEDED = 0.01
# what only a bypass uses becomes this much dearer for the next mode
_DEARER = 2.0
# and no cheaper than this before
_FLOOR = 0.3

#: Fractions of the largest growth beside production, and of the largest production beside that.
GRID = (
    (0.5, 0.9),
    (0.2, 0.9),
    (0.05, 0.9),
    (0.2, 0.5),
    (0.5, 0.5),
    (0.5, 0.1),
    (0.05, 0.1),
    (0.05, 0.5),
    (0.2, 0.1),
    (0.1, 0.005),
)


class Steering:
    """Strains for one target, made from flux modes and corrected by what goes past it.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    """

    def __init__(self, strain: StrainModel, target: str) -> None:
        self.strain, self.target = strain, target
        self.finder = ModeFinder(strain, target)
        self.judged = 0
        self._production: dict[float, float] = {}
        least = strain.thresholds.production
        best = None
        if self.finder.complete:
            for factor in (10.0, 1.01):
                best = self.finder.best(self.finder.growth, Demand(0.0, factor * least))
                if best is not None:
                    break
        #: Largest growth (1/h) beside production; 0 if the target cannot be made.
        self.growth = 0.0 if best is None else float(best[self.finder.growth])

    @property
    def possible(self) -> bool:
        """Whether the model can grow and produce at all."""
        return self.growth >= self.strain.thresholds.growth

    def demand(self, growth: float, production: float) -> Demand:
        """Demand of given fractions of what is possible, above the thresholds if that can be."""
        least = min(0.999 * self.growth, 2 * self.strain.thresholds.growth)
        rate = max(growth * self.growth, least)
        if rate not in self._production:
            best = self.finder.best(self.finder.production, Demand(rate, 0.0))
            assert best is not None
            self._production[rate] = float(best[self.finder.production])
        most = self._production[rate]
        least = min(0.999 * most, 2 * self.strain.thresholds.production)
        return Demand(rate, max(production * most, least))

    def steer(
        self,
        demand: Demand,
        start: BoolArray,
        prices: FloatArray,
        rounds: int,
        common: float = 0.2,
    ) -> BoolArray | None:
        """Look for a coupled strain; each mode is steered away from how the last one failed.

        Parameters
        ----------
        demand : Demand
            What the mode must do.
        start : numpy.ndarray of bool, shape (n_genes,)
            Deleted genes, from which those that the mode needs are taken back.
        prices : numpy.ndarray of float, shape (n_genes,)
            What using each gene costs.
        rounds : int
            Modes tried at most.
        common : float
            How much of the penalty of what only the bypass uses falls on what the mode uses as
            much (0 to 1).

        Returns
        -------
        numpy.ndarray of bool, shape (n_genes,), or None
            Deleted genes of a coupled strain.
        """
        strain, finder = self.strain, self.finder
        reactions = len(strain.states.reactions)
        needed = strain.needed_genes
        prices = np.where(needed, _NEEDED * prices, prices)
        for _ in range(rounds):
            weights = np.full(finder.size, _USE)
            weights[:reactions] += strain.states.cost(prices)
            fluxes = finder.sparse(demand, weights)
            if fluxes is None:
                return None
            active = np.abs(fluxes) > ACTIVE
            deleted = keep_on(strain, active, start, prices)
            found = self._close(deleted, active, fluxes, prices, common)
            if found is not None:
                return found
        return None

    def _close(
        self,
        deleted: BoolArray,
        active: BoolArray,
        fluxes: FloatArray,
        prices: FloatArray,
        common: float,
    ) -> BoolArray | None:
        # delete what goes past the target and the mode can do without; where it cannot, the
        # genes become dearer (in place) for the next mode
        strain, finder = self.strain, self.finder
        reactions = len(strain.states.reactions)
        mode = active[:reactions]
        while True:
            self.judged += 1
            coupling = strain.judge(self.target, deleted)
            if coupling.coupled:
                return deleted
            if coupling.growth_rate < strain.thresholds.growth:
                return None
            bypass = finder.bypass(coupling, deleted)
            if bypass is None:
                return None
            used = (np.abs(bypass) > ACTIVE)[:reactions]
            present = ~deleted & ~strain.needed_genes
            off = critical_genes(strain, deleted, present)
            genes = np.flatnonzero(present)
            hits = off[:, used].any(axis=1)
            spare = hits & ~off[:, mode].any(axis=1)
            if spare.any():
                deleted = deleted.copy()
                for gene in genes[spare]:
                    deleted[gene] = True
                    if not strain.states.on(~deleted)[mode].all():
                        deleted[gene] = False
                continue
            here = np.abs(bypass[:reactions]) / bypass[finder.growth]
            there = np.abs(fluxes[:reactions]) / fluxes[finder.growth]
            share = np.where(used, (here - there) / (here + there + 1e-12), -1.0)
            step = np.clip(share, common, 1.0)
            worst = np.where(off & used, step, 0.0).max(axis=1, initial=0.0)
            failed = worst > 0
            prices[genes[failed]] = (
                np.maximum(prices[genes[failed]], _FLOOR) * _DEARER ** worst[failed]
            )
            return None
