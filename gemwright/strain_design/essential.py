"""Growth-essential genes."""

import pandas as pd

from gemwright.gem.flux import FLUX_TOLERANCE
from gemwright.gem.knockout import knock_out_genes
from gemwright.strain_design.strain import StrainModel


def essential_genes(strain: StrainModel) -> pd.DataFrame:
    """Growth of the model without each gene, on its medium and with no other deletion.

    Parameters
    ----------
    strain : StrainModel
        The model.

    Returns
    -------
    pandas.DataFrame
        gene, growth_rate (1/h), essential (no growth beyond the solver's tolerance, DeepGDel
        IV-A: "a maximum GR of zero"), below_threshold (growth below the GR threshold).
    """
    growth = knock_out_genes(strain.flux, strain.model.rules)["growth_rate"].to_numpy()
    return pd.DataFrame(
        {
            "gene": strain.genes,
            "growth_rate": growth,
            "essential": growth < FLUX_TOLERANCE,
            "below_threshold": growth < strain.thresholds.growth,
        }
    )
