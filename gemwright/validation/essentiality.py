"""Gene essentiality: single knock-outs against observed lethality."""

import logging
from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.config.validation import ValidationSettings
from gemwright.errors import InputError
from gemwright.gem.evidence_knockout import Evidence, knock_out_with_evidence
from gemwright.gem.flux import FluxModel
from gemwright.gem.knockout import knock_out_genes
from gemwright.gem.medium import medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import transported
from gemwright.io.tables import object_column
from gemwright.io.user_tables import UserTable, note_unused_columns, read_user_table
from gemwright.reconstruction.draft import GAP_FILLED
from gemwright.validation.confusion import outcomes

logger = logging.getLogger(__name__)
COLUMNS = [
    "organism", "protocol", "gene", "observed", "predicted", "growth_rate", "reactions_lost",
    "outcome", "outcome_plain", "outcome_evidence", "not_trusted",
]  # fmt: skip
# of an organism that was not tested
NO_GENES = pd.DataFrame({"gene": pd.Series(dtype=object), "observed": pd.Series(dtype=bool)})


def read_essentiality(
    path: str | Path, translate: Callable[[UserTable], list[str]] | None = None
) -> pd.DataFrame:
    """Read a table of essential and non-essential genes.

    Parameters
    ----------
    path : str or Path
        Tab-separated, with the columns bigg_id (the gene, as in the proteome) and phenotype
        (``E`` or ``NE``). Rows without either are left out; of rows with the same gene an ``E``
        counts.
    translate : callable, optional
        Given the rows with a gene, returns the genes of the column bigg_id; by default the cells.

    Returns
    -------
    pandas.DataFrame
        gene, observed (True for essential); sorted.

    Raises
    ------
    InputError
        If the file or a column is missing, a phenotype is neither, or no gene is essential.
    """
    given = read_user_table(path, ("bigg_id", "phenotype"), what="essentiality table")
    note_unused_columns(given, ("bigg_id", "phenotype"), "essentiality table")
    table = given.frame
    for row, value in enumerate(table["phenotype"]):
        if value not in ("E", "NE", ""):
            raise InputError(given.where(row), f"phenotype is {value!r}", "write E or NE")
    filled = (table["bigg_id"] != "") & (table["phenotype"] != "")
    table = table[filled].reset_index(drop=True)
    if translate is not None and len(table):
        places = [place for place, kept in zip(given.places, filled, strict=True) if kept]
        table["bigg_id"] = translate(UserTable(given.path, table, places))
    groups = (table["phenotype"] == "E").groupby(table["bigg_id"])
    observed = groups.any().sort_index()
    both = observed.index[observed & ~groups.all().sort_index()]
    if len(both):
        logger.warning(
            "%s: E and NE for one gene, of which E counts: %s", given.path, ", ".join(both)
        )
    if not observed.any():
        raise InputError(str(path), "no gene is essential", "write E for essential genes")
    return pd.DataFrame({"gene": list(observed.index), "observed": observed.to_numpy()})


def run_essentiality(
    model: MetabolicModel,
    data: pd.DataFrame,
    medium: Collection[str],
    organism: str = "",
    protocol: MediumOptions | None = None,
    evidence: Evidence | None = None,
    settings: ValidationSettings | None = None,
) -> pd.DataFrame:
    """Knock out every gene that model and experiment share.

    Parameters
    ----------
    model : MetabolicModel
        The model; its own medium is ignored.
    data : pandas.DataFrame
        The table of `read_essentiality`. If it lists essential genes only, all other genes of
        the model count as non-essential, as for CarveMe.
    medium : collection of str
        Compounds of the medium.
    organism : str
        For the first column.
    protocol : MediumOptions, optional
        How much of each compound may be taken up.
    evidence : Evidence, optional
        What speaks for the model's reactions, see `evidence_of`; without it anything may stand in.
    settings : ValidationSettings, optional
        Which growth counts, and what may stand in.

    Returns
    -------
    pandas.DataFrame
        organism, protocol (of the medium), gene, observed, predicted (True: essential),
        growth_rate (1/h, with whatever stands in), reactions_lost, outcome, outcome_plain,
        outcome_evidence (with anything standing in, and without what is much less sure),
        not_trusted (tuple of the reactions by which a plain knock-out grows and one with evidence
        does not); sorted by gene. If the model does not
        grow on the medium at all, outcomes are ``""`` throughout, since knock-outs then say
        nothing.
    """
    protocol, settings = protocol or MediumOptions(), settings or ValidationSettings()
    threshold = settings.growth_threshold
    genes = model.genes
    if len(data) and data["observed"].all():
        others = sorted(set(genes) - set(data["gene"]))
        data = pd.concat(
            [data, pd.DataFrame({"gene": others, "observed": False})], ignore_index=True
        )
    shared = data[data["gene"].isin(set(genes))].sort_values("gene", ignore_index=True)
    flux = FluxModel.of(model)
    flux.set_bounds(medium_bounds(model, medium, protocol))
    wild = flux.growth()
    rates = knock_out_genes(flux, model.rules, list(shared["gene"]))
    table = shared.merge(rates, on="gene")
    table["observed"] = table["observed"].astype(bool)
    plain = table["growth_rate"] < threshold
    surer, bypasses = plain, dict[str, tuple[str, ...]]()
    if evidence is not None and wild >= threshold:
        # what is lethal whatever stands in needs no second look
        strict = knock_out_with_evidence(flux, model.rules, evidence, table.loc[~plain, "gene"])
        surer = plain | table["gene"].isin(set(strict.loc[strict["lethal"], "gene"]))
        bypasses = dict(zip(strict["gene"], strict["not_trusted"], strict=True))
    table["not_trusted"] = object_column(
        (bypasses.get(gene, ()) for gene in table["gene"]), table.index
    )
    table["predicted"] = surer if settings.knock_outs == "evidence" else plain
    for name, lethal in (("", table["predicted"]), ("_plain", plain), ("_evidence", surer)):
        table[f"outcome{name}"] = outcomes(table["observed"], lethal)
    if wild < threshold:
        logger.warning("%s: no growth on the essentiality medium, nothing to evaluate", organism)
        table[["outcome", "outcome_plain", "outcome_evidence"]] = ""
    table.insert(0, "organism", organism)
    table.insert(1, "protocol", protocol.protocol)
    return table[COLUMNS]


def evidence_of(model: MetabolicModel, provenance: pd.DataFrame) -> Evidence:
    """Tell what speaks for the reactions of a model that was reconstructed.

    Parameters
    ----------
    model : MetabolicModel
        The model.
    provenance : pandas.DataFrame
        reaction, reason, confidence, see
        `gemwright.reconstruction.provenance.provenance_table`.
    """
    known = provenance.dropna(subset=["confidence"])
    filled = provenance.loc[provenance["reason"].str.startswith(GAP_FILLED), "reaction"]
    carriers = transported(model.stoichiometry)["reaction"]
    return Evidence(
        dict(zip(known["reaction"], known["confidence"].astype(float), strict=True)),
        frozenset(filled) | frozenset(carriers),
    )
