"""Put what jobs cost, by Snakemake's benchmarks, into docs/measured_costs.tsv.

``python tools/measure_costs.py SCALE FOLDER...``: SCALE is the configuration's name, a FOLDER is
``logs/benchmarks`` of a finished run. Rows of that scale and of the rules found there are replaced;
what people wrote into `factor` and `basis` stays.
"""

import sys
from pathlib import Path

import pandas as pd

COSTS = Path(__file__).parents[1] / "docs" / "measured_costs.tsv"
COLUMNS = ["scale", "rule", "measured_jobs", "core_seconds", "max_rss_mb", "factor", "basis"]


def measured(folders: list[str]) -> pd.DataFrame:
    """Mean core time and largest memory of each rule's jobs.

    Core time is the larger of CPU and wall time: the first is sampled each half-minute and misses
    children that have ended, the second counts waiting, too. So it errs on the side of too much.
    """
    rows = []
    for folder in map(Path, folders):
        for path in sorted(folder.rglob("*.tsv")):
            rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
            run = pd.read_csv(path, sep="\t").iloc[-1]
            # of jobs too short for a sample Snakemake knows the wall time only
            rows.append((rule, run[["cpu_time", "s"]].max(), run["max_rss"]))
    table = pd.DataFrame(rows, columns=["rule", "core_seconds", "max_rss_mb"])
    return table.groupby("rule", as_index=False).agg(
        measured_jobs=("core_seconds", "size"),
        core_seconds=("core_seconds", "mean"),
        max_rss_mb=("max_rss_mb", "max"),
    )


def main(scale: str, folders: list[str]) -> None:
    """Replace the rows of these rules at a scale."""
    known = pd.read_csv(COSTS, sep="\t").fillna({"basis": ""}) if COSTS.exists() else None
    new = measured(folders).assign(scale=scale)
    if known is None:
        new = new.assign(factor=1.0, basis="")
    else:
        replaced = (known["scale"] == scale) & known["rule"].isin(new["rule"])
        words = known.loc[replaced, ["rule", "factor", "basis"]]
        new = new.merge(words, on="rule", how="left").fillna({"factor": 1.0, "basis": ""})
        new = pd.concat([known[~replaced], new])
    new = new.round({"core_seconds": 1, "max_rss_mb": 0})[COLUMNS]
    new.sort_values(["scale", "rule"]).to_csv(COSTS, sep="\t", index=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
