"""A model beside what is known of its organism, in one call."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.gem.model import MetabolicModel
from gemwright.inputs.media import read_medium
from gemwright.validation.biolog import GROWTH_THRESHOLD, read_biolog, run_biolog
from gemwright.validation.confusion import confusion_table
from gemwright.validation.essentiality import read_essentiality, run_essentiality


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
    threshold: float = GROWTH_THRESHOLD,
    protocol: MediumOptions | None = None,
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
    threshold : float
        Growth at or above counts, 1/h.
    protocol : MediumOptions, optional
        How much of each compound may be taken up.

    Raises
    ------
    InputError
        If a table or the medium cannot be used.
    """
    compounds, name = read_medium(medium), model.identifier
    items = {}
    if biolog:
        data = read_biolog(biolog)
        items["phenotypes"] = run_biolog(model, data, compounds, name, threshold, protocol)
    if essentiality:
        genes = read_essentiality(essentiality)
        items["essentiality"] = run_essentiality(model, genes, compounds, name, threshold, protocol)
    stacked = pd.concat(
        [table[["outcome"]].assign(kind=kind) for kind, table in items.items()]
        or [pd.DataFrame(columns=["outcome", "kind"])]
    )
    return Validation(items, confusion_table(stacked, by=("kind",)))
