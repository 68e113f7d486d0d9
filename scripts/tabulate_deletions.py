"""Tabulate counts, audits, predictors and verified strategies beside DeepGDel's tables."""

from typing import TYPE_CHECKING

from gemwright.deepgdel.tabulation import count_model, read_verified
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_delimited
from gemwright.io.user_tables import read_delimited
from gemwright.report.deletion_tables import count_table, methods_table
from gemwright.strain_design.summaries import audit_summary, success_summary

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    files, output, params = snakemake.input, snakemake.output, snakemake.params
    models = params.models
    kinds = ("table", "model", "method", "metric", "value", "deviation")
    printed = read_delimited(files.printed, kinds)
    own = zip(files.models, files.essential, files.targets, files.data, strict=True)
    counts = {name: count_model(*paths) for name, paths in zip(models, own, strict=True)}
    audits = dict(zip(models, map(read_parquet, files.audits), strict=True))
    metrics = list(map(read_parquet, files.metrics))
    verified = read_verified(models, params.protocol, files.verified, files.seconds)
    write_delimited(count_table(counts, printed), output.counts)
    write_delimited(audit_summary(audits), output.audit)
    write_delimited(methods_table(metrics, printed, params.strategies), output.methods)
    write_delimited(success_summary(verified), output.verified)
