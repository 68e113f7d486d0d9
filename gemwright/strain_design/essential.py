"""Growth-essential genes, and what DeepGDel's Table VI counts of a model."""

import pandas as pd

from gemwright.gem.flux import FLUX_TOLERANCE
from gemwright.gem.knockout import knock_out_genes
from gemwright.gem.model import MetabolicModel
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


def model_counts(
    model: MetabolicModel, essential: pd.DataFrame, targets: pd.DataFrame
) -> pd.DataFrame:
    """Count what Table VI of DeepGDel prints of a model itself.

    Parameters
    ----------
    model : MetabolicModel
        The model.
    essential, targets : pandas.DataFrame
        From `essential_genes` and `targets.feasible_targets`.

    Returns
    -------
    pandas.DataFrame
        table, item (as printed; a count that is not printed has a comma in its name), value, note.
    """
    rows = [
        (
            "#Growth essential genes",
            int(essential["essential"].sum()),
            "no growth without the gene, default medium, exports as in the model",
        ),
        (
            "#Growth essential genes, growth below the threshold",
            int(essential["below_threshold"].sum()),
            "growth below the GR threshold without the gene",
        ),
        (
            "#Metabolites",
            model.tables.stoichiometry["species"].nunique(),
            "species: a metabolite counts once in each compartment",
        ),
        (
            "#GCP-possible metabolites",
            int(targets["feasible"].sum()),
            "upper bound: targets that can be made at the GR threshold; whether deletions couple"
            " each of them is not decided by this. The paper counts so for iMM904",
        ),
        (
            "#GCP-possible metabolites, not coupled in the wild type",
            int((targets["feasible"] & ~targets["coupled_already"]).sum()),
            "the same without targets that need no deletion: what the paper prints for"
            " e_coli_core (48) and iML1515 (1085)",
        ),
        ("#Reactions", len(model.tables.reactions), "with exchange and demand reactions"),
    ]
    return pd.DataFrame(rows, columns=["item", "value", "note"]).assign(table="VI")
