"""Homology of an organism's proteins to known enzymes."""

from collections.abc import Mapping

import pandas as pd

from gemwright.homology.diamond import search


def protein_hits(
    proteome: Mapping[str, str], enzymes: Mapping[str, str], threads: int = 1
) -> pd.DataFrame:
    """Search a proteome against enzymes; all hits, not only the best ones.

    Parameters
    ----------
    proteome : mapping of str to str
        Protein to sequence.
    enzymes : mapping of str to str
        Enzyme (hash of its sequence) to sequence.
    threads : int
        Threads for DIAMOND.

    Returns
    -------
    pandas.DataFrame
        The table of `diamond.search` with protein and enzyme in place of query and subject.

    Raises
    ------
    InputError
        If DIAMOND is not installed.
    """
    # a proteome's seeds fit in memory: in parts the same search takes half as long again
    hits = search(proteome, enzymes, threads=threads, max_targets=None, index_chunks=1)
    return hits.rename(columns={"query": "protein", "subject": "enzyme"})
