"""Read a model to design strains of, whatever its source, into one SBML."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from gemwright.gem.sbml_writer import write_sbml
from gemwright.io.logs import logged
from gemwright.io.tables import write_parquet
from gemwright.strain_design.models import model_for_design

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    ours = snakemake.input.get("reconstruction")
    model = model_for_design(
        snakemake.params.source,
        snakemake.wildcards.gem,
        bigg_tables=snakemake.input.get("bigg"),
        reconstructions=Path(ours).parents[1] if ours else None,
    )
    names = pd.DataFrame(sorted(model.gene_names.items()), columns=["gene", "name"])
    write_parquet(names, snakemake.output.genes)
    # the names of the genes are in the table beside it
    write_sbml(replace(model, gene_names={}), snakemake.output.model)
