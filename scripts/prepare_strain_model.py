"""Read a model to design strains of, whatever its source, into one SBML."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from gemwright.gem.load import strain_source
from gemwright.gem.sbml import write_sbml
from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    ours = snakemake.input.get("reconstruction")
    source = strain_source(
        snakemake.params.source,
        snakemake.wildcards.gem,
        bigg_tables=snakemake.input.get("bigg"),
        reconstructions=Path(ours).parents[1] if ours else None,
    )
    names = pd.DataFrame(sorted(source.gene_names.items()), columns=["gene", "name"])
    write_parquet(names, snakemake.output.genes)
    write_sbml(source.model, snakemake.output.model)
