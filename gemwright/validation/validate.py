"""A model beside what is known of its organism, in one call."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.config.validation import ValidationSettings
from gemwright.gem.model import MetabolicModel
from gemwright.inputs.media import read_medium
from gemwright.validation.biolog import read_biolog, run_biolog
from gemwright.validation.confusion import confusion_table
from gemwright.validation.essentiality import evidence_of, read_essentiality, run_essentiality


@dataclass(frozen=True)
class Validation:
    """Predictions beside observations.

    Attributes
    ----------
    items : dict of str to pandas.DataFrame
        ``phenotypes`` (see `biolog.run_biolog`) and ``essentiality`` (see
        `essentiality.run_essentiality`), as far as there are data.
    metrics : pandas.DataFrame
        kind, and the columns of `confusion.confusion_table`.
    """

    items: dict[str, pd.DataFrame]
    metrics: pd.DataFrame


def validate(
    model: MetabolicModel,
    biolog: Mapping[str, str | Path] | None = None,
    essentiality: str | Path | None = None,
    medium: str = "M9",
    protocol: MediumOptions | None = None,
    provenance: pd.DataFrame | None = None,
    settings: ValidationSettings | None = None,
) -> Validation:
    """Compare a model with phenotype microarrays and gene essentiality.

    Parameters
    ----------
    model : MetabolicModel
        The model; its own medium is ignored.
    biolog : mapping of str to path, optional
        See `gemwright.validation.biolog.read_biolog`.
    essentiality : str or Path, optional
        See `gemwright.validation.essentiality.read_essentiality`.
    medium : str
        Name of a medium, or a table of one's own.
    protocol : MediumOptions, optional
        How much of each compound may be taken up.
    provenance : pandas.DataFrame, optional
        Of a reconstruction, for knock-outs that do not trust weak bypasses; without it anything
        may stand in for a gene that is lost.
    settings : ValidationSettings, optional
        Which growth counts, and what may stand in.

    Raises
    ------
    InputError
        If a table or the medium cannot be used.
    """
    compounds, name = read_medium(medium), model.identifier
    evidence = None if provenance is None else evidence_of(model, provenance)
    items = {}
    if biolog:
        data = read_biolog(biolog)
        items["phenotypes"] = run_biolog(model, data, compounds, name, protocol, settings=settings)
    if essentiality:
        genes = read_essentiality(essentiality)
        items["essentiality"] = run_essentiality(
            model, genes, compounds, name, protocol, evidence, settings
        )
    stacked = pd.concat(
        [table[["outcome"]].assign(kind=kind) for kind, table in items.items()]
        or [pd.DataFrame(columns=["outcome", "kind"])]
    )
    return Validation(items, confusion_table(stacked, by=("kind",)))
