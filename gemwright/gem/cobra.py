"""Models to and from cobra."""

from pathlib import Path
from typing import Any

import pandas as pd

from gemwright.gem.model import MetabolicModel, ModelTables
from gemwright.gem.sbml import read_model


def metabolic_model(source: Any) -> MetabolicModel:
    """Return a model as tables.

    Parameters
    ----------
    source : MetabolicModel, cobra.Model, str or Path
        The model, or an SBML file of it.

    Raises
    ------
    InputError
        If the file is no SBML with fbc.
    """
    if isinstance(source, MetabolicModel):
        return source
    if isinstance(source, str | Path):
        model = read_model(source)
        return model if model.identifier else MetabolicModel(str(source), model.tables, model.gprs)
    return _from_cobra(source)


def _from_cobra(model: Any) -> MetabolicModel:
    species = [
        {
            "species": item.id,
            "metabolite": item.id.removesuffix(f"_{item.compartment}"),
            "compartment": item.compartment or "",
            "name": item.name or "",
            "formula": item.formula or "",
            "charge": item.charge or 0,
        }
        for item in model.metabolites
    ]
    reactions = [
        {
            "reaction": item.id,
            "name": item.name or "",
            "lower_bound": item.lower_bound,
            "upper_bound": item.upper_bound,
        }
        for item in model.reactions
    ]
    stoichiometry = [
        (item.id, metabolite.id, float(number))
        for item in model.reactions
        for metabolite, number in item.metabolites.items()
    ]
    objective = [item.id for item in model.reactions if item.objective_coefficient]
    tables = ModelTables(
        pd.DataFrame(species),
        pd.DataFrame(reactions),
        pd.DataFrame(stoichiometry, columns=["reaction", "species", "coefficient"]),
        objective[0] if objective else "",
    )
    gprs = pd.DataFrame(
        [(item.id, item.gene_reaction_rule) for item in model.reactions],
        columns=["reaction", "gpr"],
    )
    return MetabolicModel(model.id or "model", tables, gprs)
