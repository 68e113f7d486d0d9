"""Models for strain design: the bundled one, BiGG's, our own reconstructions, or a user's file."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.gpr import parse_rules
from gemwright.gem.load import read_model
from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import read_parquet
from gemwright.sources.registry import locate
from gemwright.strain_design.foreign_ids import with_known_compounds
from gemwright.strain_design.strain import require_deletable

BUNDLED = "e_coli_core"
KINDS = ("bundled", "bigg", "reconstruction")


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
            "add it to 'downloads.bigg_models', or name one of these",
        )
    reactions = _of_model(reactions, name)
    objective = reactions.loc[reactions["objective"] != 0, "reaction"].tolist()
    if len(objective) != 1:
        raise InputError(
            f"BiGG model {name!r}",
            "has no objective" if not objective else f"has {len(objective)} objectives",
            "use a model with one biomass reaction as its objective",
        )
    genes = _of_model(read_parquet(folder / "genes.parquet"), name)
    named = genes[(genes["name"] != "") & (genes["name"] != genes["gene"])]
    return MetabolicModel(
        name,
        species=_of_model(read_parquet(folder / "species.parquet"), name),
        reactions=reactions[["reaction", "name", "lower_bound", "upper_bound"]],
        stoichiometry=_of_model(read_parquet(folder / "stoichiometry.parquet"), name),
        objective=objective[0],
        rules=parse_rules(dict(zip(reactions["reaction"], reactions["gene_rule"], strict=True))),
        gene_names=dict(zip(named["gene"], named["name"], strict=True)),
    )


def model_for_design(
    kind: str,
    name: str = "",
    bigg_tables: str | Path | None = None,
    reconstructions: str | Path | None = None,
) -> MetabolicModel:
    """Read the model that a user names; its medium is the bounds of its exchange reactions.

    Parameters
    ----------
    kind : str
        ``bundled`` (the model that comes with cobra), ``bigg``, ``reconstruction`` (one of our
        own, on the medium that its bounds set), or the path of a file (SBML, or the JSON of cobra).
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
                f"name {BUNDLED!r}, or choose another kind of model: bigg, reconstruction, a file",
            )
        return bundled_e_coli_core()
    if kind == "bigg":
        if bigg_tables is None:
            raise ValueError("a model of BiGG is read from the folder of BiGG's tables")
        model = bigg_model(bigg_tables, name)
        require_deletable(model, f"BiGG model {name!r}")
        return model
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
                "reconstruct this organism first, or name one of these",
            )
        return _read_file(path, name)
    file = Path(kind)
    if not file.is_file():
        raise InputError(
            f"model {kind!r}",
            f"is none of {', '.join(KINDS)}, and there is no such file",
            "name one of these, or give the path of a model in SBML or JSON",
        )
    return with_known_compounds(_read_file(file, name))


def _of_model(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["model"] == name].drop(columns="model").reset_index(drop=True)


def _read_file(path: Path, name: str) -> MetabolicModel:
    model = read_model(path)
    require_deletable(model, str(path))
    return replace(model, identifier=name or model.identifier)
