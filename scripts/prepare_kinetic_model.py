"""Make the kinetic model and reference state of a physiology."""

from typing import TYPE_CHECKING

from gemwright.download.records import open_downloads
from gemwright.io.logs import logged
from gemwright.kinetics.physiology import write_physiology
from gemwright.kinetics.sources import prepare_physiology
from gemwright.run_settings import run_settings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    params, files = snakemake.params, dict(snakemake.input.items())
    definition = params.definition
    if "manifest" in files:
        fetched = open_downloads(files["manifest"], run_settings().downloads["folder"])
        files["model"] = fetched.path("rekindle_kinetic_model")
        files["steady_state"] = fetched.path(f"rekindle_steady_state_{definition['rekindle']}")
    found = prepare_physiology(snakemake.wildcards.physiology, definition, files, params.seed)
    write_physiology(found, snakemake.output.model, snakemake.output.state)
