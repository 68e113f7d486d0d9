"""What a run would ask of a cluster: jobs, jobs of Slurm after grouping, and their measured costs.

``python tools/plan_cluster.py TARGET... [--configfile FILE...]`` counts a dry run of Snakemake with
the profile slurm-gpu; as in every dry run, what is finished is not counted.
``python tools/plan_cluster.py --document`` writes the table of docs/cluster.md.
"""

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

PROJECT = Path(__file__).parents[1]
PROFILE = PROJECT / "profiles" / "slurm-gpu"
COSTS = PROJECT / "docs" / "measured_costs.tsv"
DOCUMENT = PROJECT / "docs" / "cluster.md"
BEGIN, END = "<!-- costs -->", "<!-- /costs -->"
SUBMISSION_SECONDS = 2.5  # the plugin waits 5 s before each, in two threads
PAPER = "config/paper.yaml"
DOCUMENTED = [
    *((target, "") for target in ("demo", "interactions", "reconstruction", "validation")),
    *(
        (target, "")
        for target in ("physiology", "split_ladder", "auxotrophies", "reconstruction_benchmark")
    ),
    *((target, config) for target in ("deepgdel", "strains", "rekindle") for config in ("", PAPER)),
    *((target, "config/live.yaml") for target in ("databases", "metagem_db")),
    ("paper_tables", PAPER),
]


@dataclass(frozen=True)
class Plan:
    """A counted dry run.

    Attributes
    ----------
    rules : pandas.DataFrame
        By rule: jobs, core_hours, max_rss_mb, gpu, local.
    submitted : int
        Jobs of Slurm after grouping.
    seconds : float
        What the dry run took.
    """

    rules: pd.DataFrame
    submitted: int
    seconds: float

    def core_hours(self, gpu: bool) -> float:
        """Hours of the rules that ask for a GPU, or of the others."""
        return float(self.rules.loc[self.rules["gpu"] == gpu, "core_hours"].sum())


def profile() -> dict[str, Any]:
    """Read the profile as Snakemake does."""
    read: dict[str, Any] = yaml.safe_load((PROFILE / "profile.yaml").read_text())
    return read


def local_rules() -> set[str]:
    """Rules that run where Snakemake does: those that only collect, and downloads."""
    found = set()
    for path in (PROJECT / "workflow" / "rules").glob("*.smk"):
        text = path.read_text()
        for block in re.findall(r"^localrules:\n((?: +\w+,\n)+)", text, re.MULTILINE):
            found |= set(re.findall(r"\w+", block))
        if path.stem == "collect":
            found |= set(re.findall(r"^rule (\w+):", text, re.MULTILINE))
    return found


def job_counts(told: str) -> dict[str, int]:
    """Jobs of each rule, by what Snakemake says; empty if there is nothing to be done."""
    table = told.partition("Job stats:")[2].partition("\ntotal ")[0]
    return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}


def plan(arguments: list[str]) -> Plan:
    """Count a dry run; its errors end this program."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *arguments, "--profile", str(PROFILE), "--dry-run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - start
    if done.returncode:
        sys.exit(done.stdout)
    jobs = job_counts(done.stdout)
    groups = len(re.findall(r"Group job \w+ \(jobs", done.stdout))
    local, grouped = local_rules(), set(profile()["groups"])
    alone = sum(n for rule, n in jobs.items() if rule not in local | grouped)
    paper = (PROJECT / PAPER).resolve()
    scale = "paper" if any(Path(word).resolve() == paper for word in arguments) else "embedded"
    rules = with_costs(jobs, scale)
    return Plan(rules.assign(local=rules.index.isin(local)), groups + alone, seconds)


def with_costs(jobs: dict[str, int], scale: str) -> pd.DataFrame:
    """Core hours and memory of each rule, by the figures of a scale, else of another one."""
    known = pd.read_csv(COSTS, sep="\t")
    known["here"] = known["scale"] == scale
    known = known.sort_values("here").drop_duplicates("rule", keep="last").set_index("rule")
    table = pd.DataFrame({"jobs": jobs}, index=pd.Index(jobs, name="rule"))
    seconds = (known["core_seconds"] * known["factor"]).reindex(table.index)
    on_gpu = {rule for rule, asked in profile()["set-resources"].items() if "gres" in asked}
    return table.assign(
        core_hours=table["jobs"] * seconds / 3600,
        max_rss_mb=known["max_rss_mb"].reindex(table.index),
        gpu=table.index.isin(on_gpu),
    )


def show(found: Plan) -> None:
    """Print a plan."""
    if found.rules.empty:
        print("nothing to be done")
        return
    rules = found.rules.sort_values("core_hours", ascending=False, na_position="last")
    print(rules.round(2).to_string(na_rep="-"))
    unknown = rules.index[rules["core_hours"].isna() & ~rules["local"]]
    here = rules.loc[rules["local"], "jobs"].sum()
    print(
        f"\n{rules['jobs'].sum():,} jobs: {found.submitted:,} jobs of Slurm after grouping, and"
        f" {here:,} on this machine (the dry run took {found.seconds:.1f} s)"
        f"\nsubmitting them takes {found.submitted * SUBMISSION_SECONDS / 60:.0f} min"
        f"\n{found.core_hours(False):.1f} core hours in CPU jobs, {found.core_hours(True):.1f} in"
        " GPU jobs (measured on CPUs: what a GPU saves is not in it)"
        f"\nlargest job: {rules['max_rss_mb'].max():,.0f} MB, and 500 MB for Snakemake itself"
    )
    if len(unknown):
        print(f"never measured: {', '.join(unknown)}")


def write_document() -> None:
    """Write the table of costs of docs/cluster.md."""
    lines = [
        "| target | jobs | jobs of Slurm | core hours, CPU jobs | core hours, GPU jobs"
        " | largest job, MB |",
        "|---|---|---|---|---|---|",
    ]
    for target, config in DOCUMENTED:
        words = [target, *(["--configfile", config] if config else [])]
        found = plan([*words, "--forceall"])
        lines.append(
            f"| `{' '.join(words)}` | {found.rules['jobs'].sum():,} | {found.submitted:,}"
            f" | {found.core_hours(False):.1f} | {found.core_hours(True):.1f}"
            f" | {found.rules['max_rss_mb'].max():,.0f} |"
        )
    head, _, rest = DOCUMENT.read_text().partition(BEGIN)
    tail = rest.partition(END)[2]
    DOCUMENT.write_text("\n".join([head + BEGIN, *lines, END]) + tail)


if __name__ == "__main__":
    if sys.argv[1:] == ["--document"]:
        write_document()
    else:
        show(plan(sys.argv[1:]))
