"""Phosphate that an alkaline phosphatase sets free outside of the cell (an option, the P rule)."""

import pandas as pd

from gemwright.gem.species import split_species
from gemwright.reconstruction.mapping import homology_confidence
from gemwright.validation.biolog import PHOSPHATE

#: Alkaline phosphatases of the BiGG models: PhoA of E. coli, PhoA and PhoD of B. subtilis.
PHOSPHATASES = (("iML1515", "b0383"), ("iYO844", "BSU09410"), ("iYO844", "BSU05740"))
#: Least homology confidence of a phosphatase, that of a reaction of the draft.
LEAST_CONFIDENCE = 0.3
_WATER, _PROTON = "h2o", "h"


def phosphomonoesters(stoichiometry: pd.DataFrame) -> set[str]:
    """Metabolites X of which BiGG has X + H2O -> Y + phosphate, protons aside.

    Parameters
    ----------
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient of every reaction of BiGG.
    """
    parts = split_species(stoichiometry["species"])
    rows = stoichiometry[["reaction", "coefficient"]].join(parts[["metabolite", "compartment"]])
    rows = rows[rows["metabolite"] != _PROTON]
    of_reaction = rows.groupby("reaction")
    inside = of_reaction["compartment"].transform("nunique") == 1
    four = of_reaction["metabolite"].transform("size") == 4
    even = of_reaction["coefficient"].transform("sum") == 0
    rows = rows[inside & four & even & rows["coefficient"].abs().eq(1)]
    sign = {
        name: rows.loc[rows["metabolite"] == name].set_index("reaction")["coefficient"]
        for name in (_WATER, PHOSPHATE)
    }
    water, phosphate = (rows["reaction"].map(sign[name]) for name in (_WATER, PHOSPHATE))
    esters = (water == -phosphate) & (rows["coefficient"] == water) & (rows["metabolite"] != _WATER)
    return set(rows.loc[esters, "metabolite"])


def phosphatase_confidence(hits: pd.DataFrame, proteins: pd.DataFrame) -> float:
    """Homology confidence of a proteome's best alkaline phosphatase; 0 without one.

    Parameters
    ----------
    hits : pandas.DataFrame
        Homology of the proteome, see `gemwright.reconstruction.mapping.map_proteome`.
    proteins : pandas.DataFrame
        model, gene, enzyme.
    """
    known = pd.DataFrame(PHOSPHATASES, columns=["model", "gene"])
    enzymes = set(proteins.merge(known, on=["model", "gene"])["enzyme"])
    found = hits[hits["enzyme"].isin(enzymes)]
    return float(homology_confidence(found).max()) if len(found) else 0.0


def released_compounds(
    hits: pd.DataFrame, proteins: pd.DataFrame, stoichiometry: pd.DataFrame
) -> set[str]:
    """Compounds whose phosphate an organism sets free: none without a phosphatase.

    Parameters
    ----------
    hits, proteins : pandas.DataFrame
        As of `phosphatase_confidence`.
    stoichiometry : pandas.DataFrame
        As of `phosphomonoesters`.
    """
    if phosphatase_confidence(hits, proteins) < LEAST_CONFIDENCE:
        return set()
    return phosphomonoesters(stoichiometry)
