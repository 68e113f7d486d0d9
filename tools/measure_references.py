"""Measure the physiology of curated models and write the tables beside which ours stand.

Takes the folder that holds BiGG's models as JSON (``bigg.ucsd.edu/static/models`` of a mirror)::

    python -m tools.measure_references FOLDER
"""

import argparse
from pathlib import Path

import pandas as pd

from gemwright.gem.load import read_model
from gemwright.inputs.media import read_medium
from gemwright.io.files import sha256_file, write_text
from gemwright.physiology.measure import measure_physiology
from gemwright.physiology.references import TABLES, path_of

MEDIUM = "M9"
#: Model, and what it is of.
MODELS = {
    "iML1515": "Monk et al. 2017, doi:10.1038/nbt.3956; BiGG",
    "iYO844": "Oh et al. 2007, doi:10.1074/jbc.M703759200; BiGG",
    "iJN1463": "Nogales et al. 2020, doi:10.1111/1462-2920.14843; BiGG",
}


def measured(folder: Path) -> dict[str, pd.DataFrame]:
    """Measure the models of a folder: table to its rows."""
    found: dict[str, list[pd.DataFrame]] = {table: [] for table in TABLES}
    for name, source in MODELS.items():
        path = folder / f"{name}.json"
        model = read_model(path)
        physiology = measure_physiology(model, {MEDIUM: read_medium(MEDIUM)})
        for table in TABLES:
            rows: pd.DataFrame = getattr(physiology, table).copy()
            rows.insert(0, "organism", name)
            rows.insert(1, "source", f"{source}, file sha256 {sha256_file(path)[:16]}")
            found[table].append(rows)
    return {table: pd.concat(parts, ignore_index=True) for table, parts in found.items()}


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for table, rows in measured(parser.parse_args().folder).items():
        numbers = rows.select_dtypes("number").columns
        # less is rounding of the solver, and -0 is 0
        rows[numbers] = rows[numbers].round(4) + 0.0
        write_text(path_of(table), rows.to_csv(sep="\t", index=False))


if __name__ == "__main__":
    main()
