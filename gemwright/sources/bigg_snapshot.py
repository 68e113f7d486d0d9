"""The BiGG snapshot that the installed package carveme carries: the embedded data source.

Nothing is downloaded: universal reactions, gene-protein-reaction rules (GPR), protein sequences,
bounds per model, media, proteomes, phenotype and essentiality tables are read from the package's
own data folder. The files and their SHA-256 sums are in ``gemwright/resources/datasets.tsv``
(`registry`).
"""

from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_reader import read_sbml
from gemwright.io.fasta import read_fasta
from gemwright.io.files import sha256_text
from gemwright.io.user_tables import read_delimited
from gemwright.sources.registry import locate

UNIVERSES = ("bacteria", "gramneg", "grampos", "archaea", "cyanobacteria")
ADDED_MEDIA = Path(__file__).parents[1] / "resources" / "media.tsv"
#: Universe of an organism of which nothing is known but that it is a bacterium.
WIDEST_UNIVERSE = "bacteria"


def read_universe(name: str) -> MetabolicModel:
    """Read a universal model: ``bigg`` (everything) or a curated one of `UNIVERSES`."""
    if name != "bigg" and name not in UNIVERSES:
        raise InputError(
            f"universe {name!r}", "there is no such universe", f"use one of {', '.join(UNIVERSES)}"
        )
    return read_sbml(locate("bigg_universe" if name == "bigg" else f"universe_{name}"))


def read_gprs() -> pd.DataFrame:
    """Gene-protein-reaction rules of 31 BiGG models.

    Returns
    -------
    pandas.DataFrame
        model, gene (as in `read_protein_sequences`), complex (its subunits, sorted, joined by
        ``+``), reaction; one row per subunit, complex, reaction and model.
    """
    raw = pd.read_csv(locate("bigg_gprs"), dtype=str, keep_default_na=False)
    return pd.DataFrame(
        {
            "model": raw["model"],
            "gene": raw["gene"].str.removeprefix("G_"),
            "complex": raw["protein"].str.removeprefix("P_"),
            "reaction": raw["reaction"].str.removeprefix("R_"),
        }
    )


def read_model_bounds() -> pd.DataFrame:
    """Flux bounds of every reaction in each of the 31 models (mmol/gDW/h).

    Direction is taken from here and never from the universe, which marks every gene-associated
    reaction as reversible.

    Returns
    -------
    pandas.DataFrame
        model, reaction, lower_bound, upper_bound.
    """
    raw = pd.read_csv(
        locate("bigg_model_bounds"),
        usecols=["model", "reaction", "lb", "ub"],
        dtype={"model": str, "reaction": str},
        keep_default_na=False,
        na_values={"lb": [""], "ub": [""]},
    )
    raw["reaction"] = raw["reaction"].str.removeprefix("R_")
    return raw.rename(columns={"lb": "lower_bound", "ub": "upper_bound"})


def read_protein_sequences() -> pd.DataFrame:
    """Sequences of the models' proteins.

    Returns
    -------
    pandas.DataFrame
        model, gene, sequence, enzyme (SHA-256 of the sequence: equal sequences of several
        strains are one enzyme).
    """
    sequences = read_fasta(locate("bigg_proteins"))
    names = pd.Series(list(sequences)).str.partition(".")
    return pd.DataFrame(
        {
            "model": names[0],
            "gene": names[2],
            "sequence": list(sequences.values()),
            "enzyme": [sha256_text(sequence) for sequence in sequences.values()],
        }
    )


def read_model_organisms() -> pd.DataFrame:
    """Organism of every BiGG model: model, organism, genus, kingdom."""
    return read_delimited(locate("bigg_models"), ("model", "organism", "genus", "kingdom"))


def read_media() -> pd.DataFrame:
    """Growth media: medium, description, compound (BiGG metabolite id), name.

    Those of the snapshot, and after them those that the package adds.
    """
    columns = ("medium", "description", "compound", "name")
    tables = [read_delimited(path, columns) for path in (locate("media"), ADDED_MEDIA)]
    return pd.concat(tables, ignore_index=True)
