"""Models of BiGG, as JSON (the layout of cobra) or as SBML L3 fbc, read into one set of tables.

Source: BiGG Models (King et al. 2016), ``static/models/<model>.json`` and ``<model>.xml.gz``, and
the universal model ``static/namespace/universal_model.json``, which has the layout of a model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.compressed import reading
from gemwright.sources.bigg_checks import (
    ItemFindings,
    check_balance,
    check_rules,
    check_species,
    differing_reactions,
)
from gemwright.sources.bigg_complexes import complex_table
from gemwright.sources.bigg_json import read_json
from gemwright.sources.bigg_raw import RawModel
from gemwright.sources.bigg_sbml import read_sbml_model
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables

_REACTION_COLUMNS = (
    "reaction", "name", "lower_bound", "upper_bound", "subsystem", "gene_rule", "objective",
)  # fmt: skip


@dataclass(frozen=True)
class BiggModel(ParsedTables):
    """One model as tables; identifiers are BiGG's, without ``M_``, ``R_`` and ``G_``.

    Attributes
    ----------
    reactions : pandas.DataFrame
        model, reaction, name, lower_bound, upper_bound (mmol/gDW/h), subsystem, gene_rule
        (readable by `gem.gpr.parse_gpr`, ``""`` for none), objective (coefficient, 0 for most).
    stoichiometry : pandas.DataFrame
        model, reaction, species, coefficient (negative for substrates, never 0).
    species : pandas.DataFrame
        model, species (``glc__D_c``), metabolite (``glc__D``), compartment, name, formula
        (``""`` if unknown), charge (Int64, missing if unknown).
    genes : pandas.DataFrame
        model, gene, name.
    reaction_annotations : pandas.DataFrame
        reaction, namespace, identifier.
    metabolite_annotations : pandas.DataFrame
        metabolite, namespace, identifier.
    gene_annotations : pandas.DataFrame
        model, gene, namespace, identifier.
    finding_items : pandas.DataFrame
        model, finding (an item of `findings`), item (which reaction, species or gene), detail.
    findings : pandas.DataFrame
        item, count, treatment.
    """

    reactions: pd.DataFrame
    stoichiometry: pd.DataFrame
    species: pd.DataFrame
    genes: pd.DataFrame
    reaction_annotations: pd.DataFrame
    metabolite_annotations: pd.DataFrame
    gene_annotations: pd.DataFrame
    finding_items: pd.DataFrame
    findings: pd.DataFrame


@dataclass(frozen=True)
class BiggTables(BiggModel):
    """Several models as tables, and what follows from them.

    Attributes
    ----------
    gprs : pandas.DataFrame
        model, gene, complex, reaction; as `bigg_snapshot.read_gprs`.
    model_bounds : pandas.DataFrame
        model, reaction, lower_bound, upper_bound; as `bigg_snapshot.read_model_bounds`.
    """

    gprs: pd.DataFrame
    model_bounds: pd.DataFrame


def read_bigg_model(path: str | Path, model: str | None = None) -> BiggModel:
    """Read one model, or the universal model, from JSON or SBML.

    Parameters
    ----------
    path : str or Path
        JSON or SBML L3 fbc v2, distinguished by content; gzipped or not.
    model : str, optional
        What to call the model; the name of the file without suffixes by default.

    Raises
    ------
    InputError
        If the file is neither, is cut off, lacks a key, has a value of the wrong type, or a
        reaction uses a metabolite that is not listed.
    """
    where = str(path)
    with reading(path) as handle:
        start = handle.read(200).lstrip().lower()
    if start.startswith("{"):
        raw = read_json(path)
    elif start.startswith("<") and not start.startswith(("<!doctype html", "<html")):
        raw = read_sbml_model(path)
    else:
        what = "is an HTML page" if start.startswith("<") else "is neither JSON nor SBML"
        raise InputError(where, what if start else "is empty", FETCH_AGAIN)
    return _assemble(raw, model or _stem(path), where)


def read_bigg_models(paths: Mapping[str, str | Path]) -> BiggTables:
    """Read several models into one set of tables.

    Parameters
    ----------
    paths : mapping of str to path
        Name of each model to its file.

    Returns
    -------
    BiggTables
        Rows in the order of `paths` and of the files. Annotations of reactions and metabolites
        carry no model, so that equal ones of several models are one row.

    Raises
    ------
    InputError
        If there are no models, or as `read_bigg_model`.
    """
    if not paths:
        raise InputError("models of BiGG", "there are none to read", "name a model in the config")
    models = [
        read_bigg_model(path, model)
        for model, path in tqdm(paths.items(), desc="models of BiGG", disable=None, leave=False)
    ]
    names = [item.name for item in fields(BiggModel) if item.name != "findings"]
    joined = {
        name: pd.concat([getattr(model, name) for model in models], ignore_index=True)
        for name in names
    }
    for name in ("reaction_annotations", "metabolite_annotations"):
        joined[name] = joined[name].drop_duplicates(ignore_index=True)
    findings = Findings()
    findings.extend(model.findings for model in models)
    gprs, too_many = complex_table(joined["reactions"], findings)
    joined["finding_items"] = pd.concat([joined["finding_items"], too_many], ignore_index=True)
    findings.add(
        "reaction whose stoichiometry differs between models",
        differing_reactions(joined["stoichiometry"]),
        "kept for each model",
    )
    formulas = joined["species"].loc[joined["species"]["formula"] != ""]
    findings.add(
        "metabolite whose formula differs between models or compartments",
        formulas.groupby("metabolite")["formula"].nunique() > 1,
        "kept for each model",
    )
    return BiggTables(
        **joined,
        findings=findings.frame(),
        gprs=gprs,
        model_bounds=joined["reactions"][["model", "reaction", "lower_bound", "upper_bound"]],
    )


def reaction_rhea(tables: BiggModel) -> pd.DataFrame:
    """Rhea identifiers of reactions: reaction, rhea_id (digits).

    All four directions of one Rhea reaction are usually listed, and obsolete ones may be.
    """
    annotations = tables.reaction_annotations
    rows = annotations[annotations["namespace"] == "rhea"].drop(columns="namespace")
    return rows.rename(columns={"identifier": "rhea_id"}).reset_index(drop=True)


def _stem(path: str | Path) -> str:
    name = Path(path).name.removesuffix(".gz")
    return name.removesuffix(".json").removesuffix(".xml").removesuffix(".sbml")


def _assemble(raw: RawModel, model: str, where: str) -> BiggModel:
    if not raw.reactions or not raw.species:
        raise InputError(where, "the model has no reactions or no metabolites", FETCH_AGAIN)
    found = ItemFindings(model)
    found.note(
        "the id inside the file differs from its name",
        "the name of the file counts",
        [(model, raw.identifier)] if raw.identifier != model else [],
    )
    for kind in ("reaction", "species", "gene"):
        found.note(
            f"{kind} listed twice", "the first one counts", [(i, "") for i in raw.repeated[kind]]
        )
    found.add("a key stands twice in an object", raw.counts["repeated_key"], "the last one counts")
    declared = {row[0] for row in raw.species}
    reactions = pd.DataFrame(raw.reactions, columns=list(_REACTION_COLUMNS))
    reactions.insert(0, "model", model)
    for reaction, substance, _ in raw.stoichiometry:
        if substance not in declared:
            raise InputError(
                f"{where}, reaction {reaction!r}",
                f"the metabolite {substance!r} is not in the list of metabolites",
                FETCH_AGAIN,
            )

    stoichiometry = pd.DataFrame(
        raw.stoichiometry, columns=["reaction", "species", "coefficient"]
    ).astype({"coefficient": "float64"})
    zero = stoichiometry["coefficient"] == 0
    found.note(
        "coefficient of zero",
        "left out",
        stoichiometry.loc[zero, ["reaction", "species"]].itertuples(index=False, name=None),
    )
    stoichiometry = stoichiometry[~zero].reset_index(drop=True)
    stoichiometry.insert(0, "model", model)
    empty = ~reactions["reaction"].isin(stoichiometry["reaction"])
    found.note(
        "reaction without metabolites",
        "kept, it has no stoichiometry",
        [(name, "") for name in reactions.loc[empty, "reaction"]],
    )
    crossed = reactions[reactions["lower_bound"] > reactions["upper_bound"]]
    found.note(
        "lower bound above the upper one",
        "kept as it is",
        [
            (name, f"{low:g} > {high:g}")
            for name, low, high in zip(
                crossed["reaction"], crossed["lower_bound"], crossed["upper_bound"], strict=True
            )
        ],
    )
    found.note(
        "model without objective",
        "kept",
        [] if (reactions["objective"] != 0).any() else [(model, "")],
    )

    check_rules(reactions, raw, found)
    genes = pd.DataFrame(raw.genes, columns=["gene", "name"], dtype=str)
    genes.insert(0, "model", model)
    species = check_species(raw, found)
    used = set(stoichiometry["species"])
    found.note(
        "species that no reaction uses",
        "kept",
        [(name, "") for name in species["species"] if name not in used],
    )
    check_balance(stoichiometry, species, found)

    metabolite_of = dict(zip(species["species"], species["metabolite"], strict=True))
    annotations = {
        kind: pd.DataFrame(rows, columns=[kind, "namespace", "identifier"], dtype=str)
        for kind, rows in raw.annotations.items()
    }
    by_metabolite = annotations["species"]
    by_metabolite["species"] = by_metabolite["species"].map(metabolite_of)
    annotations["gene"].insert(0, "model", model)
    for key, item, treatment in (
        ("blank", "blank annotation", "left out"),
        ("unreadable", "ChEBI or Rhea annotation that is no number", "left out"),
        ("chebi_prefix", "ChEBI annotation not written CHEBI:<number>", "written so"),
        ("rhea_variant", "Rhea annotation with a variant, <number>#<variant>", "the number counts"),
        ("repeated", "annotation twice for one item", "kept once"),
        ("odd_charge", "charge that is no whole number", "taken as unknown"),
    ):
        found.add(item, raw.counts[key], treatment)
    return BiggModel(
        reactions=reactions,
        stoichiometry=stoichiometry,
        species=species,
        genes=genes,
        reaction_annotations=annotations["reaction"].drop_duplicates(ignore_index=True),
        metabolite_annotations=by_metabolite.rename(
            columns={"species": "metabolite"}
        ).drop_duplicates(ignore_index=True),
        gene_annotations=annotations["gene"].drop_duplicates(ignore_index=True),
        finding_items=found.items(),
        findings=found.frame(),
    )
