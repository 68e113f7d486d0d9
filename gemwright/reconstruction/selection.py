"""Choosing enzymes for the observed metabolites with a penalty for repeats, eq. (9)."""

import pandas as pd


def select_enzymes(
    scores: pd.DataFrame, top_k: int = 2, diversity_penalty: float = 0.2
) -> pd.DataFrame:
    """Diversity-penalised Top-k, eq. (9): Score(m, e) = P(m, e) - lambda * Count(e).

    There are ``top_k`` rounds. In each, every metabolite takes the best protein that it does not
    have yet, where Count(e) is how often e was taken before in the same round. Metabolites take
    their turn by falling best score, then by id: the surest choices are made first and pay no
    penalty for the less sure. Ties between proteins go to the smaller id.

    Parameters
    ----------
    scores : pandas.DataFrame
        protein, metabolite, score (probability); one row a pair. Pairs that are missing cannot
        be selected.
    top_k : int
        Rounds, that is, enzymes for each metabolite.
    diversity_penalty : float
        lambda.

    Returns
    -------
    pandas.DataFrame
        metabolite, protein, score, adjusted_score, rank (1 to `top_k`); sorted by metabolite and
        rank.

    Raises
    ------
    ValueError
        If a pair is there twice.
    """
    if scores.duplicated(["protein", "metabolite"]).any():
        raise ValueError("a pair of protein and metabolite has several scores")
    ordered = scores.sort_values(
        ["metabolite", "score", "protein"], ascending=[True, False, True], kind="stable"
    )
    lists = {
        str(metabolite): list(zip(group["protein"], group["score"], strict=True))
        for metabolite, group in ordered.groupby("metabolite", sort=True, observed=True)
    }
    turns = sorted(lists, key=lambda metabolite: (-lists[metabolite][0][1], metabolite))
    taken: dict[str, set[str]] = {metabolite: set() for metabolite in turns}
    rows = []
    for rank in range(1, top_k + 1):
        count: dict[str, int] = {}
        for metabolite in turns:
            best: tuple[float, str, float] | None = None
            # scores fall along the list, and a penalty only lowers them: nothing after the
            # first score below the best adjusted one can win
            for protein, score in lists[metabolite]:
                if best is not None and score < best[0]:
                    break
                if protein in taken[metabolite]:
                    continue
                adjusted = score - diversity_penalty * count.get(protein, 0)
                if best is None or (-adjusted, protein) < (-best[0], best[1]):
                    best = (adjusted, protein, score)
            if best is not None:
                adjusted, protein, score = best
                taken[metabolite].add(protein)
                count[protein] = count.get(protein, 0) + 1
                rows.append((metabolite, protein, score, adjusted, rank))
    table = pd.DataFrame(rows, columns=["metabolite", "protein", "score", "adjusted_score", "rank"])
    return table.sort_values(["metabolite", "rank"], ignore_index=True)
