"""Judge the user's own gene deletion strategies."""

from typing import TYPE_CHECKING

from gemwright.gem.load import read_model
from gemwright.inputs.unknown_names import read_translations
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.strain_design.strain import StrainModel, Thresholds
from gemwright.strain_design.user_strategies import judge_user_strategies, read_user_strategies

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    thresholds = Thresholds(**snakemake.params.thresholds)
    strain = StrainModel(read_model(snakemake.input.model), thresholds)
    names = read_parquet(snakemake.input.genes).set_index("gene")["name"].to_dict()
    checked = snakemake.input.get("checked")
    meant = read_translations(checked) if checked else {}
    strategies = read_user_strategies(snakemake.input.strategies, strain, names, meant)
    write_delimited(judge_user_strategies(strain, strategies), snakemake.output[0])
