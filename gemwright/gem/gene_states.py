"""Which reactions are on for given states of all genes, evaluated for many patterns at once."""

from collections.abc import Mapping, Sequence

import numpy as np

from gemwright.arrays import BoolArray, FloatArray, IntArray
from gemwright.gem.gpr import Rule, fold, rule_genes


class GeneStates:
    """The gene rules of a model, compiled into levels of AND and OR.

    Rules are not expanded into complexes, which can be exponentially many.

    Parameters
    ----------
    rules : mapping of str to Rule
        Rule of each reaction that has one.
    reactions : sequence of str
        The reactions whose states are told, in this order; one without a rule is always on.
    """

    def __init__(self, rules: Mapping[str, Rule], reactions: Sequence[str]) -> None:
        self.genes: tuple[str, ...] = tuple(rule_genes(rules.values()))
        self.index = {gene: number for number, gene in enumerate(self.genes)}
        self.reactions = tuple(reactions)
        # the first value is that of a reaction without genes; then one for each gene
        self._size = 1 + len(self.genes)
        self._nodes: dict[tuple[str, tuple[int, ...]], int] = {}
        self._depth: dict[int, int] = {}
        self._inner: list[tuple[int, str, tuple[int, ...]]] = []
        root = {reaction: self._add(rule) for reaction, rule in rules.items()}
        self._of_reaction = np.array([root.get(reaction, 0) for reaction in reactions], np.int64)
        self._levels = self._arrange()

    def _add(self, rule: Rule) -> int:
        return fold(rule, lambda gene: 1 + self.index[gene], self._join)

    def _join(self, operator: str, children: list[int]) -> int:
        key = operator, tuple(children)
        if key not in self._nodes:
            self._nodes[key] = node = self._size
            self._size += 1
            self._inner.append((node, *key))
            self._depth[node] = 1 + max(self._depth.get(child, 0) for child in children)
        return self._nodes[key]

    def _arrange(
        self,
    ) -> list[tuple[bool, IntArray, IntArray, IntArray]]:
        levels: dict[tuple[int, str], list[tuple[int, tuple[int, ...]]]] = {}
        for node, operator, children in self._inner:
            levels.setdefault((self._depth[node], operator), []).append((node, children))
        arranged = []
        for (_, operator), entries in sorted(levels.items()):
            sizes = [len(children) for _, children in entries]
            arranged.append(
                (
                    operator == "and",
                    np.array([node for node, _ in entries], np.int64),
                    np.array([child for _, group in entries for child in group], np.int64),
                    np.cumsum([0, *sizes[:-1]]),
                )
            )
        return arranged

    def on(self, present: BoolArray) -> BoolArray:
        """States of the reactions.

        Parameters
        ----------
        present : numpy.ndarray of bool, shape (..., n_genes)
            Which genes are not deleted, in the order of `genes`; several patterns at once if
            there are leading dimensions.

        Returns
        -------
        numpy.ndarray of bool, shape (..., n_reactions)
            Whether each reaction can carry flux (``p_j = f_j(G)``, DeepGDel II-A).
        """
        values = np.ones((*present.shape[:-1], self._size), np.bool_)
        values[..., 1 : 1 + len(self.genes)] = present
        for conjunction, nodes, children, starts in self._levels:
            reduce = np.logical_and if conjunction else np.logical_or
            values[..., nodes] = reduce.reduceat(values[..., children], starts, axis=-1)
        states: BoolArray = values[..., self._of_reaction]
        return states

    def cost(self, prices: FloatArray) -> FloatArray:
        """Cheapest price of each reaction if every gene has one.

        A complex costs the sum of its parts, isozymes cost what the cheapest does. Exact where
        no gene stands twice in one rule, otherwise an upper bound of the cheapest gene set.

        Parameters
        ----------
        prices : numpy.ndarray of float, shape (n_genes,)
            Prices of the genes, in the order of `genes`.

        Returns
        -------
        numpy.ndarray of float, shape (n_reactions,)
            0 for reactions without genes.
        """
        values = np.zeros(self._size)
        values[1 : 1 + len(self.genes)] = prices
        for conjunction, nodes, children, starts in self._levels:
            reduce = np.add if conjunction else np.minimum
            values[nodes] = reduce.reduceat(values[children], starts)
        costs: FloatArray = values[self._of_reaction]
        return costs
