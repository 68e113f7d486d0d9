"""More or fewer deletions with the same verdict: maximal and minimal strategies.

Most steps need no linear program. Deleting a gene leaves a strain coupled if some flux
distribution of largest growth does without the reactions that are lost: growth stays, and the
least production is taken over fewer distributions. Re-adding a gene leaves it coupled if the
dual of the least production bounds what the regained reactions can take away. Where neither
proof applies, the strain is judged.
"""

from collections.abc import Sequence

import numpy as np

from gemwright.arrays import BoolArray, FloatArray, IntArray
from gemwright.gem.flux import FluxModel
from gemwright.strain_design.strain import StrainModel, WorstCase, worst_case

# a flux this small (mmol/gDW/h) is rounding; what is concluded from it is verified at the end
_NO_FLUX = 1e-9


class CoupledNetwork:
    """A coupled strain's own network, from which further genes are deleted.

    Reactions that the strain has lost, and those that dead ends keep from carrying flux, are
    not in this problem, which makes it some ten times faster than the model's.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        Deleted genes; may be more in later calls, never fewer.
    """

    def __init__(self, strain: StrainModel, target: str, deleted: BoolArray) -> None:
        self.strain = strain
        with (
            strain.exporting(target) as production,
            strain.flux.closed(strain.lost_columns(deleted)),
        ):
            self.columns = live_columns(strain.flux)
            self.flux = strain.flux.subset(self.columns)
        self.production = production
        self._present = production in self.flux and strain.growth_reaction in self.flux

    def on(self, deleted: BoolArray) -> BoolArray:
        """States of the network's reactions; shape (n_columns,)."""
        states = np.ones(len(self.strain.flux.reactions), np.bool_)
        on = self.strain.states.on(~deleted)
        states[: len(on)] = on
        return states[self.columns]

    def worst_case(self, deleted: BoolArray) -> WorstCase | None:
        """Verdict as `StrainModel.worst_case`, over this network's columns; None if blocked."""
        if not self._present:
            return None
        with self.flux.closed(np.flatnonzero(~self.on(deleted))):
            return worst_case(
                self.flux, self.strain.growth_reaction, self.production, self.strain.thresholds
            )

    def deletable(
        self, deleted: BoolArray, order: IntArray, *, keep: bool
    ) -> tuple[BoolArray, list[int]]:
        """Try to delete further genes, one after another.

        Parameters
        ----------
        deleted : numpy.ndarray of bool, shape (n_genes,)
            A coupled strain.
        order : numpy.ndarray of int
            Positions of the genes to try, in this order.
        keep : bool
            Whether a gene stays deleted while the next ones are tried.

        Returns
        -------
        numpy.ndarray of bool, shape (n_genes,)
            The deleted genes at the end.
        list of int
            The genes whose deletion left the strain coupled.
        """
        current = deleted.copy()
        start = self.worst_case(current)
        if start is None or not start.coupling.coupled:
            return current, []
        active = np.abs(start.fluxes) > _NO_FLUX
        basis = self.flux.basis()
        doomed = self.strain.needed_genes.copy()
        done: list[int] = []
        again = True
        while again:
            again = failed = False
            for gene in order:
                if current[gene] or doomed[gene]:
                    continue
                trial = current.copy()
                trial[gene] = True
                on = self.on(trial)
                if not (active & ~on).any():
                    coupled = True
                    again |= keep and failed  # what failed for its production may pass now
                else:
                    self.flux.set_basis(basis)
                    found = self.worst_case(trial)
                    assert found is not None  # the start was not blocked
                    coupled = found.coupling.coupled
                    if found.coupling.growth_rate < self.strain.thresholds.growth:
                        doomed[gene] = True  # with still more deletions it grows no better
                    elif coupled and keep:
                        active = np.abs(found.fluxes) > _NO_FLUX
                        basis = self.flux.basis()
                        again = True
                    failed |= not coupled
                if coupled:
                    done.append(int(gene))
                    if keep:
                        current = trial
        return current, done


def live_columns(flux: FluxModel) -> IntArray:
    """Reactions that are open and not cut off by dead ends.

    A species that nothing makes, or nothing uses, stops every reaction it takes part in; so on
    until nothing changes. Reactions with a forced flux are kept, so that a strain that cannot
    sustain them stays infeasible.
    """
    import scipy.sparse as sparse

    live = (flux.lower != 0) | (flux.upper != 0)
    forced = (flux.lower > 0) | (flux.upper < 0)
    matrix = flux.matrix.tocsr()
    forward, backward = flux.upper > 0, flux.lower < 0
    positive, negative = (matrix > 0).astype(np.int32), (matrix < 0).astype(np.int32)
    touch = sparse.csr_array((positive + negative).astype(np.bool_).astype(np.int32))
    while True:
        ahead, back = (live & forward).astype(np.int32), (live & backward).astype(np.int32)
        made = positive @ ahead + negative @ back
        used = negative @ ahead + positive @ back
        members = touch @ live.astype(np.int32)
        dead = (members > 0) & ((made == 0) | (used == 0) | (members == 1))
        stopped = (touch.T @ dead.astype(np.int32) > 0) & live & ~forced
        if not stopped.any():
            return np.flatnonzero(live)
        live &= ~stopped


def _positions(strain: StrainModel, order: Sequence[str] | None) -> IntArray:
    if order is None:
        return np.arange(len(strain.genes))
    return np.array([strain.states.index[gene] for gene in order], np.int64)


def extend_to_maximal(
    strain: StrainModel,
    target: str,
    deleted: BoolArray,
    order: Sequence[str] | None = None,
) -> BoolArray:
    """Delete further genes while production stays coupled, until none can go alone.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        A coupled strain.
    order : sequence of str, optional
        Genes in the order in which they are tried, by default sorted. Genes not in it are left
        as they are.

    Returns
    -------
    numpy.ndarray of bool, shape (n_genes,)
        A superset of `deleted`.

    Raises
    ------
    ValueError
        If the strain is not coupled.
    """
    if not strain.judge(target, deleted).coupled:
        raise ValueError(f"the strain for {target!r} is not coupled")
    network = CoupledNetwork(strain, target, deleted)
    positions = _positions(strain, order)
    extended, _ = network.deletable(deleted, positions, keep=True)
    if strain.verify(target, extended).coupled:
        return extended
    return _extend_plainly(strain, target, deleted, positions)


def _extend_plainly(
    strain: StrainModel, target: str, deleted: BoolArray, order: IntArray
) -> BoolArray:
    # every step judged from scratch: for strains so near a threshold that rounding decides
    current = deleted.copy()
    again = True
    while again:
        again = False
        for gene in order:
            if current[gene]:
                continue
            current[gene] = True
            if strain.verify(target, current).coupled:
                again = True
            else:
                current[gene] = False
    return current


def further_deletions(strain: StrainModel, target: str, deleted: BoolArray) -> BoolArray:
    """Genes, each of which could be deleted on its own besides; shape (n_genes,).

    Raises
    ------
    ValueError
        If the strain is not coupled.
    """
    if not strain.judge(target, deleted).coupled:
        raise ValueError(f"the strain for {target!r} is not coupled")
    genes = np.arange(len(strain.genes))
    mask = np.zeros(len(genes), np.bool_)
    network = CoupledNetwork(strain, target, deleted)
    start = network.worst_case(deleted)
    if start is None or not start.coupling.coupled:
        # so near a threshold that rounding decides: every gene is judged
        for gene in np.flatnonzero(~deleted):
            mask[gene] = strain.verify(target, deleted | (genes == gene)).coupled
        return mask
    _, found = network.deletable(deleted, genes, keep=False)
    mask[found] = True
    return mask


def is_maximal(strain: StrainModel, target: str, deleted: BoolArray) -> bool:
    """Whether no further gene can be deleted on its own."""
    return not further_deletions(strain, target, deleted).any()


def reduce_to_minimal(
    strain: StrainModel,
    target: str,
    deleted: BoolArray,
    order: Sequence[str] | None = None,
) -> BoolArray:
    """Re-add genes while production stays coupled, until none can come back alone.

    The result is inclusion-minimal, which need not be the smallest strategy.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        A coupled strain.
    order : sequence of str, optional
        Genes in the order in which they are re-added, by default sorted. Genes not in it are
        left as they are.

    Returns
    -------
    numpy.ndarray of bool, shape (n_genes,)
        A subset of `deleted`.

    Raises
    ------
    ValueError
        If the strain is not coupled.
    """
    positions = _positions(strain, order)
    reduced = _reduce(strain, target, deleted, positions, proofs=True)
    if strain.verify(target, reduced).coupled:
        return reduced
    return _reduce(strain, target, deleted, positions, proofs=False)


def _reduce(
    strain: StrainModel, target: str, deleted: BoolArray, order: IntArray, *, proofs: bool
) -> BoolArray:
    found = strain.worst_case(target, deleted)
    if not found.coupling.coupled:
        raise ValueError(f"the strain for {target!r} is not coupled")
    lower = strain.flux.lower[: len(strain.states.reactions)]
    upper = strain.flux.upper[: len(strain.states.reactions)]
    threshold = strain.thresholds.production

    def losses(case: WorstCase) -> tuple[BoolArray, FloatArray, float]:
        # production that each reaction, if it came back, could take away at most
        costs = case.reduced_costs[: len(lower)]
        with np.errstate(invalid="ignore"):  # no cost times an infinite bound
            at_most = np.maximum(0.0, -np.minimum(costs * lower, costs * upper))
        at_most[costs == 0] = 0.0
        return strain.states.on(~current), at_most, case.coupling.production_rate

    current = deleted.copy()
    off_then, loss, production = losses(found)

    def restore(genes: IntArray) -> bool:
        # all at once; if that uncouples them, each half on its own
        nonlocal current, off_then, loss, production
        trial = current.copy()
        trial[genes] = False
        back = strain.states.on(~trial) & ~off_then
        if proofs and production - float(loss[back].sum()) >= threshold:
            current = trial
            return True
        if not proofs:
            strain.flux.forget()
        found = strain.worst_case(target, trial)
        if found.coupling.coupled:
            current = trial
            off_then, loss, production = losses(found)
            return True
        if len(genes) == 1:
            return False
        middle = len(genes) // 2
        first = restore(genes[:middle])
        return restore(genes[middle:]) or first

    while True:
        left = order[current[order]]
        # what came back may let more come back: until a whole round changes nothing
        if not left.size or not restore(left):
            return current
