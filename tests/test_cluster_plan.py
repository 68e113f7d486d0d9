"""What the paper's full configuration asks of a cluster, counted without running anything."""

import re
import subprocess
import sys

from project_copy import PROJECT, copy_project, succeeded

from tools.plan_cluster import DOCUMENT, DOCUMENTED


def test_the_papers_configuration_is_planned(tmp_path):
    """More than a thousand jobs, far fewer of Slurm's, with costs for every rule, in a minute."""
    folder = copy_project(tmp_path / "project")
    done = subprocess.run(
        [
            *(sys.executable, str(PROJECT / "tools" / "plan_cluster.py")),
            *("paper_tables", "--configfile", "config/paper.yaml"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    succeeded(done)
    found = re.search(r"([\d,]+) jobs: ([\d,]+) jobs of Slurm", done.stdout)
    jobs, submitted = (int(number.replace(",", "")) for number in found.groups())
    assert jobs > 1200
    assert submitted < jobs / 2
    assert float(re.search(r"the dry run took ([\d.]+) s", done.stdout)[1]) < 60
    assert "never measured" not in done.stdout
    # the two grids, and what their groups hold
    assert re.search(r"^train_on_few_sets +400 .* True", done.stdout, re.MULTILINE)
    assert re.search(r"^predict_deletions +300 .* False", done.stdout, re.MULTILINE)
    assert submitted <= jobs - (400 - 400 / 5) - (300 - 300 / 10)


def test_the_page_has_the_costs_of_every_target():
    rules = (PROJECT / "workflow/rules/collect.smk").read_text()
    assert {target for target, _ in DOCUMENTED} == set(re.findall(r"^rule (\w+):", rules, re.M))
    shown = re.findall(r"^\| `([^`]+)` \| +[\d,]+ \|", DOCUMENT.read_text(), re.MULTILINE)
    assert [tuple(row.split(" --configfile ")) for row in shown] == [
        tuple(filter(None, pair)) for pair in DOCUMENTED
    ]


def test_a_typo_in_the_target_is_told(tmp_path):
    folder = copy_project(tmp_path / "project")
    done = subprocess.run(
        [sys.executable, str(PROJECT / "tools" / "plan_cluster.py"), "paper_table"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "paper_table" in done.stderr
    assert "Traceback" not in done.stderr
