"""Models for strain design: the bundled one, BiGG's, our own reconstructions, or a user's file."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel, ModelTables
from gemwright.gem.sbml import read_gene_names, read_model
from gemwright.io.tables import read_parquet
from gemwright.sources.registry import locate

BUNDLED = "e_coli_core"
KINDS = ("bundled", "bigg", "reconstruction")


@dataclass(frozen=True)
class StrainSource:
    """A model to design strains of, and what its genes are called.

    Attributes
    ----------
    model : MetabolicModel
        The model; its medium is the bounds of its exchange reactions.
    gene_names : dict of str to str
        Gene to name (``b1241`` to ``adhE``), where the source tells one.
    """

    model: MetabolicModel
    gene_names: dict[str, str] = field(default_factory=dict)


def bundled_e_coli_core() -> MetabolicModel:
    """Core model of *E. coli* that comes with cobra, on its own medium (aerobic, glucose 10).

    Raises
    ------
    InputError
        If the installed file is not the one that the registry of datasets describes.
    """
    return _read_file(locate(BUNDLED), BUNDLED)


def bigg_model(tables_folder: str | Path, name: str) -> MetabolicModel:
    """One model out of the parsed tables of BiGG, on its own medium.

    Parameters
    ----------
    tables_folder : str or Path
        The tables of `gemwright.sources.bigg_models.BiggTables` as Parquet
        (``results/sources/bigg/tables``).
    name : str
        BiGG's id of the model, such as ``iML1515``.

    Raises
    ------
    InputError
        If a table cannot be read, there is no such model, or it has not exactly one objective.
    """
    folder = Path(tables_folder)
    reactions = read_parquet(folder / "reactions.parquet")
    if name not in set(reactions["model"]):
        known = ", ".join(sorted(set(reactions["model"])))
        raise InputError(
            f"BiGG model {name!r}",
            f"is not in {folder} (there are: {known})",
            "Add it to 'downloads.bigg_models', or name one of these",
        )
    reactions = _of_model(reactions, name)
    objective = reactions.loc[reactions["objective"] != 0, "reaction"].tolist()
    if len(objective) != 1:
        raise InputError(
            f"BiGG model {name!r}",
            "has no objective" if not objective else f"has {len(objective)} objectives",
            "Use a model with one biomass reaction as its objective",
        )
    tables = ModelTables(
        species=_of_model(read_parquet(folder / "species.parquet"), name),
        reactions=reactions[["reaction", "name", "lower_bound", "upper_bound"]],
        stoichiometry=_of_model(read_parquet(folder / "stoichiometry.parquet"), name),
        objective=objective[0],
    )
    gprs = reactions[["reaction", "gene_rule"]].rename(columns={"gene_rule": "gpr"})
    return MetabolicModel(name, tables, gprs)


def strain_source(
    kind: str,
    name: str = "",
    bigg_tables: str | Path | None = None,
    reconstructions: str | Path | None = None,
) -> StrainSource:
    """Read the model that a user names.

    Parameters
    ----------
    kind : str
        ``bundled`` (the model that comes with cobra), ``bigg``, ``reconstruction`` (one of our
        own, on the medium that its bounds set), or the path of an SBML file.
    name : str
        The model of BiGG, or the organism of the reconstruction. What a model from a file is
        called; by default its id inside the file, or else the file's name.
    bigg_tables : str or Path, optional
        See `bigg_model`; needed for ``bigg``.
    reconstructions : str or Path, optional
        Folder of the reconstructions, ``results/reconstruction``; needed for ``reconstruction``.

    Raises
    ------
    InputError
        If there is no such model, or its file cannot be read, has no objective or no gene rule.
    ValueError
        If the folder that the kind needs is not given.
    """
    if kind == "bundled":
        if name not in ("", BUNDLED):
            raise InputError(
                f"bundled model {name!r}",
                "there is no such model",
                f"Name {BUNDLED!r}, or choose another kind of model: bigg, reconstruction, a file",
            )
        return StrainSource(bundled_e_coli_core(), read_gene_names(locate(BUNDLED)))
    if kind == "bigg":
        if bigg_tables is None:
            raise ValueError("a model of BiGG is read from the folder of BiGG's tables")
        model = _checked(bigg_model(bigg_tables, name), f"BiGG model {name!r}")
        genes = _of_model(read_parquet(Path(bigg_tables) / "genes.parquet"), name)
        named = genes[(genes["name"] != "") & (genes["name"] != genes["gene"])]
        return StrainSource(model, dict(zip(named["gene"], named["name"], strict=True)))
    if kind == "reconstruction":
        if reconstructions is None:
            raise ValueError("a reconstruction is read from the folder of the reconstructions")
        path = Path(reconstructions) / name / "model.xml"
        if not name or not path.is_file():
            made = ", ".join(
                sorted(item.parent.name for item in path.parents[1].glob("*/model.xml"))
            )
            raise InputError(
                f"reconstruction {name!r}",
                f"there is no {path} (there are: {made or 'none'})",
                "Reconstruct this organism first, or name one of these",
            )
        return StrainSource(_read_file(path, name), read_gene_names(path))
    file = Path(kind)
    if not file.is_file():
        raise InputError(
            f"model {kind!r}",
            f"is none of {', '.join(KINDS)}, and there is no such file",
            "Name one of these, or give the path of an SBML file",
        )
    return StrainSource(_read_file(file, name), read_gene_names(file))


def _of_model(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["model"] == name].drop(columns="model").reset_index(drop=True)


def _read_file(path: Path, name: str) -> MetabolicModel:
    read = read_model(path)
    stem = path.name.removesuffix(".gz").removesuffix(".xml").removesuffix(".sbml")
    model = MetabolicModel(name or read.identifier or stem, read.tables, read.gprs)
    return _checked(model, str(path))


def _checked(model: MetabolicModel, where: str) -> MetabolicModel:
    if model.tables.objective not in set(model.tables.reactions["reaction"]):
        raise InputError(
            where, "the model has no objective", "Set its biomass reaction as the objective (fbc)"
        )
    if not model.rules:
        raise InputError(
            where,
            "the model has no gene rule, so that no gene can be deleted",
            "Give a model with gene-protein-reaction rules",
        )
    return model
