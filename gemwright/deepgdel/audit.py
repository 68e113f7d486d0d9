"""Known strategies, checked by flux balance analysis before anything is learned from them."""

import numpy as np
import pandas as pd
from tqdm import tqdm

from gemwright.deepgdel.dataset import DeletionData
from gemwright.errors import InputError
from gemwright.strain_design.reduction import further_deletions
from gemwright.strain_design.strain import StrainModel


def audit_strategies(strain: StrainModel, data: DeletionData, maximal: bool = True) -> pd.DataFrame:
    """Judge every known strategy.

    Parameters
    ----------
    strain : StrainModel
        The model, solved with a tolerance of 1e-9.
    data : DeletionData
        The known strategies.
    maximal : bool
        Whether to look for further deletions, which takes most of the time.

    Returns
    -------
    pandas.DataFrame
        target, deletions, growth_rate (1/h), production_rate (mmol/gDW/h, guaranteed; NaN
        without growth), coupled, further_deletions (genes that can be deleted alone and leave the
        strain coupled; missing where that was not looked for).

    Raises
    ------
    InputError
        If a gene or a target is not in the model.
    """
    unknown = sorted(set(data.genes) - set(strain.genes))
    if unknown:
        raise InputError(
            f"strategies of {data.model!r}",
            f"gene {unknown[0]!r} is not in the model (nor are {len(unknown) - 1} others)",
            "Use the model that the strategies were made for",
        )
    columns = [strain.states.index[gene] for gene in data.genes]
    rows = []
    for target, states in zip(
        tqdm(data.targets, desc="audit", unit="target", disable=None), data.remains, strict=True
    ):
        deleted = np.zeros(len(strain.genes), np.bool_)
        deleted[columns] = states == 0
        coupling = strain.judge(target, deleted)
        more = None
        if maximal and coupling.coupled:
            more = int(further_deletions(strain, target, deleted).sum())
        rows.append(
            (
                target,
                int(deleted.sum()),
                coupling.growth_rate,
                coupling.production_rate,
                coupling.coupled,
                more,
            )
        )
    names = ["target", "deletions", "growth_rate", "production_rate", "coupled"]
    table = pd.DataFrame(rows, columns=[*names, "further_deletions"])
    return table.astype({"further_deletions": "Int64"})


def audit_summary(audits: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Tabulate the audits of several models.

    Returns
    -------
    pandas.DataFrame
        model, strategies, coupled, maximal (of those looked at), looked_at, mean_further_deletions,
        largest_growth_of_failed (1/h).
    """
    rows = []
    for model, audit in audits.items():
        looked = audit["further_deletions"].dropna()
        failed = audit[~audit["coupled"]]
        rows.append(
            (
                model,
                len(audit),
                int(audit["coupled"].sum()),
                int((looked == 0).sum()),
                len(looked),
                float(looked.mean()) if len(looked) else float("nan"),
                float(failed["growth_rate"].max()) if len(failed) else float("nan"),
            )
        )
    columns = [
        "model",
        "strategies",
        "coupled",
        "maximal",
        "looked_at",
        "mean_further_deletions",
        "largest_growth_of_failed",
    ]
    return pd.DataFrame(rows, columns=columns)
