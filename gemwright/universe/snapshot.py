"""What universes are built and weighed with: the reactions, models and organisms of BiGG."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import read_parquet
from gemwright.sources import bigg_snapshot
from gemwright.universe.merging import pool_bounds, pool_genes
from gemwright.universe.weights import direction_weights


@dataclass(frozen=True)
class Snapshot:
    """The tables of BiGG that universes are built of.

    Attributes
    ----------
    universal : MetabolicModel
        Every reaction of BiGG.
    bounds : pandas.DataFrame
        model, reaction, lower_bound, upper_bound.
    organisms : pandas.DataFrame
        model, organism, genus, kingdom.
    gprs : pandas.DataFrame
        model, gene, complex, reaction.
    """

    universal: MetabolicModel
    bounds: pd.DataFrame
    organisms: pd.DataFrame
    gprs: pd.DataFrame

    @classmethod
    def embedded(cls) -> "Snapshot":
        """Read the snapshot of the installed package."""
        return cls(
            bigg_snapshot.read_universe("bigg"),
            bigg_snapshot.read_model_bounds(),
            bigg_snapshot.read_model_organisms(),
            bigg_snapshot.read_gprs(),
        )

    @classmethod
    def of_tables(cls, folder: str | Path) -> "Snapshot":
        """Read the same from the tables of `sources.snapshot_tables.write_snapshot_tables`."""
        names = ("species", "reactions", "stoichiometry", "model_bounds", "gprs")
        table = {name: read_parquet(Path(folder) / f"{name}.parquet") for name in names}
        universal = MetabolicModel(
            "bigg", table["species"], table["reactions"], table["stoichiometry"], ""
        )
        return cls(
            universal, table["model_bounds"], bigg_snapshot.read_model_organisms(), table["gprs"]
        )

    def pooled(self, merged: pd.DataFrame) -> "Snapshot":
        """Give what is known of merged reactions to those that were kept, see `merging`."""
        return replace(
            self,
            bounds=pool_bounds(self.bounds, merged),
            gprs=pool_genes(self.gprs, merged),
        )

    def weights(self, universe: MetabolicModel) -> pd.DataFrame:
        """Weigh the directions of a universe, see `weights.direction_weights`."""
        return direction_weights(universe, self.universal, self.bounds, self.organisms, self.gprs)
