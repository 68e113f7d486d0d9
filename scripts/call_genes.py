"""Call or read the genes of an organism's genome."""

from typing import TYPE_CHECKING

from gemwright.inputs.genome_files import prepare_genome
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    prepare_genome(
        read_organisms(snakemake.params.sheet)[snakemake.wildcards.organism],
        snakemake.output.proteome,
        snakemake.output.genes,
    )
