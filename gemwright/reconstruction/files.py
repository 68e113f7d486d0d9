"""The files of a finished reconstruction."""

from pathlib import Path

from gemwright.gem.sbml_writer import write_sbml
from gemwright.io.tables import write_delimited, write_parquet
from gemwright.reconstruction.pipeline import Reconstruction


def write_reconstruction(
    reconstruction: Reconstruction,
    *,
    model: str | Path,
    selected: str | Path,
    provenance: str | Path,
    provenance_csv: str | Path,
    statistics: str | Path,
    gaps: str | Path,
) -> None:
    """Write a reconstruction; the model comes last, so that it never stands without its tables.

    Parameters
    ----------
    reconstruction : Reconstruction
        From `gemwright.reconstruction.pipeline.reconstruct_from_tables`.
    model : str or Path
        SBML L3 with fbc v2.
    selected, provenance : str or Path
        Parquet.
    provenance_csv, statistics, gaps : str or Path
        CSV; `gaps` is the line for each medium of `gapfill.GapFilling`.
    """
    write_parquet(reconstruction.selected, selected)
    write_parquet(reconstruction.provenance, provenance)
    write_delimited(reconstruction.provenance, provenance_csv)
    write_delimited(reconstruction.statistics, statistics)
    write_delimited(reconstruction.gap_filling.media, gaps)
    write_sbml(reconstruction.model, model)
