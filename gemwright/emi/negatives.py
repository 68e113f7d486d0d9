"""Labelled pairs: positives with hard, popularity-matched or random negatives."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.arrays import IndexArray, SingleArray
from gemwright.config.negatives import Kind, NegativeOptions
from gemwright.errors import InputError

KINDS: tuple[Kind, ...] = ("hard", "popularity", "random")
"""They measure different things: look-alikes, the enzyme's own choice, and plain chemistry."""
_ROWS_AT_ONCE = 1024


def label_pairs(
    positives: pd.DataFrame,
    known: pd.DataFrame,
    metabolites: pd.Index,
    similarity: SingleArray,
    options: NegativeOptions | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put negatives beside each positive pair.

    A negative is never a known interaction of its enzyme, whatever part the interaction lies in,
    and comes at most once for an enzyme. Hard negatives are drawn above `epsilon`; where fewer
    remain, the next most similar metabolites top them up, and the report counts them.
    Popularity-matched negatives are a shuffle of the positives' own metabolites over the
    positives' enzymes, so that a predictor that knows only the metabolite stands at chance.
    Random negatives are drawn uniformly from the pool.

    Parameters
    ----------
    positives : pandas.DataFrame
        enzyme, metabolite: the pairs of one part.
    known : pandas.DataFrame
        enzyme, metabolite: all interactions.
    metabolites : pandas.Index
        The internal pool, the order of `similarity`.
    similarity : ndarray of float32, shape (len(metabolites), len(metabolites))
        Tanimoto similarity of chiral Morgan fingerprints.
    options : NegativeOptions, optional
        How negatives are chosen.

    Returns
    -------
    labelled : pandas.DataFrame
        enzyme, positive (the true substrate that the row belongs to), metabolite, label (1 or
        0), similarity (to the positive); sorted by enzyme, positive, falling label, falling
        similarity. The first three are categorical.
    report : pandas.DataFrame
        quantity, value: positives, negatives, topped_up (not above `epsilon`), missing (the
        pool ran out, or a metabolite is so popular that no enzyme is left for it),
        indistinguishable (similarity 1 to the true substrate).

    Raises
    ------
    InputError
        If a positive's metabolite is not in the pool, or there are no positives.
    """
    options = options or NegativeOptions()
    if positives.empty:
        raise InputError("labelled pairs", "there is no positive pair", "choose more models")
    ordered = positives[["enzyme", "metabolite"]].drop_duplicates()
    ordered = ordered.sort_values(["enzyme", "metabolite"], ignore_index=True)
    enzymes = pd.Index(ordered["enzyme"].unique())
    row = enzymes.get_indexer(pd.Index(ordered["enzyme"]))
    true = _metabolite_codes(ordered["metabolite"], metabolites)
    banned = np.zeros((len(enzymes), len(metabolites)), dtype=bool)
    known_row = enzymes.get_indexer(pd.Index(known["enzyme"]))
    known_column = metabolites.get_indexer(pd.Index(known["metabolite"]))
    inside = (known_row >= 0) & (known_column >= 0)
    banned[known_row[inside], known_column[inside]] = True
    banned[row, true] = True

    generator = np.random.default_rng(options.seed)
    if options.kind == "popularity":
        chosen = _shuffled(row, true, banned, options.ratio, generator)
    else:
        chosen = _drawn(row, true, banned, similarity, options, generator)
    owner, column = np.nonzero(chosen >= 0)
    negative = chosen[owner, column]

    pair = np.concatenate([np.arange(len(true)), owner])
    metabolite = np.concatenate([true, negative])
    label = np.concatenate([np.ones(len(true), np.int8), np.zeros(len(owner), np.int8)])
    likeness = similarity[true[pair], metabolite]
    order = np.lexsort((metabolite, -likeness, -label, pair))
    kind = pd.CategoricalDtype(metabolites)
    labelled = pd.DataFrame(
        {
            "enzyme": pd.Categorical.from_codes(row[pair[order]], categories=enzymes),
            "positive": pd.Categorical.from_codes(true[pair[order]], dtype=kind),
            "metabolite": pd.Categorical.from_codes(metabolite[order], dtype=kind),
            "label": label[order],
            "similarity": likeness[order].astype(np.float32),
        }
    )
    negatives = likeness[len(true) :]
    counts = {
        "positives": len(true),
        "negatives": len(negatives),
        "topped_up": int((negatives <= options.epsilon).sum()) if options.kind == "hard" else 0,
        "missing": len(true) * options.ratio - len(negatives),
        "indistinguishable": int((negatives >= 1 - 1e-6).sum()),
    }
    report = pd.DataFrame({"quantity": list(counts), "value": list(counts.values())})
    return labelled, report


def _metabolite_codes(names: "pd.Series[str]", metabolites: pd.Index) -> IndexArray:
    codes = metabolites.get_indexer(pd.Index(names))
    if (codes < 0).any():
        lost = sorted(set(names[codes < 0]))
        raise InputError(
            "labelled pairs",
            f"{len(lost)} metabolite(s) are not in the pool, for example {lost[0]!r}",
            "give the structures that the interactions were built with",
        )
    return codes


def _drawn(
    row: npt.NDArray[Any],
    true: npt.NDArray[Any],
    banned: npt.NDArray[Any],
    similarity: npt.NDArray[Any],
    options: NegativeOptions,
    generator: np.random.Generator,
) -> npt.NDArray[Any]:
    """Metabolite codes, shape (positives, ratio), -1 where the pool ran out."""
    chosen = np.full((len(true), options.ratio), -1, dtype=np.int64)
    taken = banned.copy()
    width = min(options.ratio, similarity.shape[1])
    # an enzyme's positives take turns, so that none takes what another one already has
    turn = pd.Series(row).groupby(row).cumcount().to_numpy()
    for number in range(int(turn.max()) + 1):
        waiting = np.flatnonzero(turn == number)
        for start in range(0, len(waiting), _ROWS_AT_ONCE):
            index = waiting[start : start + _ROWS_AT_ONCE]
            rank = similarity[true[index]].astype(np.float64)
            noise = generator.random(rank.shape)
            if options.kind == "random":
                rank = 1 + noise
            elif options.selection == "sample":
                # above epsilon any order, below it by similarity
                rank = np.where(rank > options.epsilon, 1 + noise, rank + 1e-9 * noise)
            else:
                rank += 1e-9 * noise
            rank[taken[row[index]]] = -1
            best = np.argpartition(-rank, width - 1, axis=1)[:, :width]
            usable = np.take_along_axis(rank, best, axis=1) >= 0
            chosen[index, :width] = np.where(usable, best, -1)
            spot, place = np.nonzero(usable)
            taken[row[index][spot], best[spot, place]] = True
    return chosen


def _shuffled(
    row: npt.NDArray[Any],
    true: npt.NDArray[Any],
    banned: npt.NDArray[Any],
    ratio: int,
    generator: np.random.Generator,
    rounds: int = 200,
) -> npt.NDArray[Any]:
    """As `_drawn`; the shuffle repeats where it hits a known or repeated pair."""
    width = banned.shape[1]
    owner = np.repeat(row, ratio)
    drawn = generator.permutation(np.repeat(true, ratio))
    for _ in range(rounds):
        bad = banned[owner, drawn] | pd.Series(owner * width + drawn).duplicated().to_numpy()
        if not bad.any():
            break
        # conflicts swap with twice as many others
        partners = generator.random(len(drawn)) < 2 * bad.mean()
        moving = np.flatnonzero(bad | partners)
        drawn[moving] = generator.permutation(drawn[moving])
    bad = banned[owner, drawn] | pd.Series(owner * width + drawn).duplicated().to_numpy()
    return np.where(bad, -1, drawn).reshape(len(true), ratio)
