"""Clusters at a ladder of identity thresholds, by every method that can do them."""

from collections.abc import Mapping, Sequence

import pandas as pd

from gemwright.homology.clusters import MIN_IDENTITY, CdHitOptions, cluster_cdhit_levels
from gemwright.homology.components import ComponentOptions, cluster_components


def cluster_ladder(
    sequences: Mapping[str, str],
    homologies: pd.DataFrame,
    identities: Sequence[float],
    threads: int = 1,
) -> pd.DataFrame:
    """Cluster enzymes by CD-HIT and by connected components at several identities.

    CD-HIT stops at 40 %. Below, only components are made: psi-cd-hit would need BLAST, and its
    clusters are as greedy as CD-HIT's. Each level clusters the representatives of the level
    above, so its clusters can differ a little from those of a descent with other levels.

    Parameters
    ----------
    sequences : mapping of str to str
        Enzyme to amino-acid sequence.
    homologies : pandas.DataFrame
        From `gemwright.homology.components.all_against_all`.
    identities : sequence of float
        Thresholds as fractions.
    threads : int
        Threads for CD-HIT.

    Returns
    -------
    pandas.DataFrame
        method (``cdhit`` or ``components``), identity, enzyme, cluster.
    """
    tables = [
        cluster_components(list(sequences), homologies, ComponentOptions(identity)).assign(
            method="components", identity=identity
        )
        for identity in sorted(identities)
    ]
    levels = [identity for identity in identities if identity >= MIN_IDENTITY]
    if levels:
        options = CdHitOptions(min(levels), threads=threads)
        steps = [step for step in options.steps if step > min(levels)]
        greedy = cluster_cdhit_levels(sequences, [*levels, *steps], options)
        greedy = greedy[greedy["identity"].isin(levels)].assign(method="cdhit")
        tables.append(greedy.sort_values(["identity", "enzyme"]))
    return pd.concat(tables, ignore_index=True)[["method", "identity", "enzyme", "cluster"]]
