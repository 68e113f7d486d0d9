"""Complexes of genes that the rules of models stand for."""

import pandas as pd

from gemwright.gem.gpr import MAX_COMPLEXES, gene_complexes, parse_gpr
from gemwright.sources.findings import Findings


def complex_table(reactions: pd.DataFrame, findings: Findings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the table of complexes of all rules.

    Parameters
    ----------
    reactions : pandas.DataFrame
        model, reaction, gene_rule (readable by `gemwright.gem.gpr.parse_gpr`).
    findings : Findings
        Is added to: rules that stand for more than `MAX_COMPLEXES`.

    Returns
    -------
    gprs : pandas.DataFrame
        model, gene, complex (its genes, sorted, joined with ``+``), reaction.
    too_many : pandas.DataFrame
        model, finding, item (the reaction), detail (its rule) of the rules that were left out.
    """
    finding = f"gene rule of more than {MAX_COMPLEXES} complexes"
    parsed: dict[str, list[tuple[str, list[str]]] | None] = {"": []}
    rows: list[tuple[str, str, str, str]] = []
    too_many: list[tuple[str, str, str, str]] = []
    for model, reaction, text in reactions[["model", "reaction", "gene_rule"]].itertuples(
        index=False, name=None
    ):
        if text not in parsed:
            try:
                members = [sorted(genes) for genes in gene_complexes(parse_gpr(text))]
                parsed[text] = [("+".join(genes), genes) for genes in members]
            except OverflowError:
                parsed[text] = None
        complexes = parsed[text]
        if complexes is None:
            too_many.append((model, finding, reaction, text))
            continue
        rows.extend((model, gene, name, reaction) for name, genes in complexes for gene in genes)
    findings.add(finding, len(too_many), "left out of the complexes, kept as a rule")
    return (
        pd.DataFrame(rows, columns=["model", "gene", "complex", "reaction"], dtype=str),
        pd.DataFrame(too_many, columns=["model", "finding", "item", "detail"], dtype=str),
    )
