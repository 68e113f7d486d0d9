"""The price of a change: rules that a change in a module reruns, and their core hours.

``python -m tools.price_of_change`` lists every module and script, the dearest first; with names of
files it lists those alone, and the rules. Core hours are those of ``paper_tables`` with the paper's
configuration: jobs of a dry run, with what docs/measured_costs.tsv has of each.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from gemwright.code_digest import used_modules
from gemwright.emi.models.registry import CONTROLS, PREDICTORS, WITH_TOWER
from gemwright.io.plugins import source_file
from tools.plan_cluster import PAPER, PROJECT, plan


def scripts_of_rules(project: Path = PROJECT) -> dict[str, Path]:
    """Script that each rule has the digest of; `use rule a as b` is a rule of its own."""
    return {rule: project / "scripts" / f"{digest[2]}.py" for rule, digest in _digests(project)}


def rules_by_file() -> dict[str, list[str]]:
    """Rules that a change in a module of the library, or in a script, reruns.

    Where a rule uses the predictor that a configuration names, it may be any that it can use.
    """
    found: dict[str, list[str]] = {}
    for rule, digest in _digests(PROJECT):
        used = {PROJECT / "scripts" / f"{digest[2]}.py"}
        if digest[1] == "predictor":
            others = {*CONTROLS, *WITH_TOWER} if rule == "fit_predictor" else set()
            used |= {source_file(PREDICTORS[name]) for name in PREDICTORS.keys() - others}
        for path in used.union(*map(used_modules, used)):
            found.setdefault(str(path.relative_to(PROJECT)), []).append(rule)
    return found


def _digests(project: Path) -> Iterator[tuple[str, re.Match[str]]]:
    text = "\n".join(path.read_text() for path in (project / "workflow" / "rules").glob("*.smk"))
    head = r"^(?:(?:rule|checkpoint) (\w+):|use rule \w+ as (\w+) with:)$"
    parts = re.split(head, text, flags=re.MULTILINE)
    for rule, derived, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if named := re.search(r'(script|predictor)_digest\("(\w+)"', body):
            yield rule or derived, named


if __name__ == "__main__":
    hours = plan(["paper_tables", "--configfile", PAPER, "--forceall"]).rules["core_hours"]
    wanted = [str(Path(name).resolve().relative_to(PROJECT)) for name in sys.argv[1:]]
    reruns = rules_by_file()
    table = pd.DataFrame(
        {
            "rules": {path: len(rules) for path, rules in reruns.items()},
            "core_hours": {path: hours.reindex(rules).sum() for path, rules in reruns.items()},
        }
    )
    table = table.sort_values(["rules", "core_hours"], ascending=False)
    print((table.reindex(wanted, fill_value=0) if wanted else table).round(1).to_string())
    for path in wanted:
        print(f"\n{path}: {', '.join(sorted(reruns.get(path, [])))}")
