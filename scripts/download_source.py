"""Fetch the files of one source, and record what was fetched."""

from typing import TYPE_CHECKING

from gemwright.download.fetching import fetch_collection
from gemwright.download.records import write_records
from gemwright.download.wanted import check_named_models, download_options
from gemwright.io.logs import logged
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    settings = run_settings()
    options = download_options(
        snakemake.wildcards.source,
        {**snakemake.params.settings, **settings.downloads},
        settings.mirror,
        snakemake.input.get("targets"),
        snakemake.input.get("genes"),
    )
    records = fetch_collection(snakemake.wildcards.source, options)
    check_named_models(records, snakemake.params.settings)
    write_records(records, snakemake.output[0])
