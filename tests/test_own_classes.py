"""The examples of CONTRIBUTING.md: encoders and a predictor in files of the user's, in a run."""

import re
import shutil

import pandas as pd
import pytest
from project_copy import PROJECT, succeeded
from small_project import run

from gemwright.io.tables import read_metadata, read_parquet

pytestmark = pytest.mark.e2e

EXAMPLES = re.findall(
    r"^```python\n(.+?)^```", (PROJECT / "CONTRIBUTING.md").read_text(), re.DOTALL | re.MULTILINE
)
ENCODER, PREDICTOR = (
    next(text for text in EXAMPLES if f"class {name}" in text)
    for name in ("Composition", "Centres")
)
LETTERS = '''
class Letters:
    """Counts of some letters of a SMILES."""

    def __init__(self, letters):
        self.letters, self.dimension = letters, len(letters)

    def encode(self, texts):
        return [[text.upper().count(letter) for letter in self.letters] for text in texts]
'''
ENCODERS = ENCODER + "\n" + LETTERS
CHANGES = """
embeddings:
  enzyme: mine/encoders.py:Composition
  metabolite: mine/encoders.py:Letters
  metabolite_options: {letters: CNOPS}
scoring:
  scorer: mine/predictor.py:Centres
  predictors: {"mine/predictor.py:Centres": {width: 0.1}}
"""
SCORES = "results/reconstruction/mini/scores_Centres.parquet"
TARGETS = [SCORES, "results/tables/emi.csv", "results/tables/versions.csv"]


def run_mine(folder, *arguments):
    return run(folder, *TARGETS, *arguments, configfiles=["mine/config.yaml"])


def rules_to_run(folder):
    """Rules that a run would run, or nothing."""
    done = run_mine(folder, "--dry-run", "--quiet", "host")
    succeeded(done)
    table = done.stdout + done.stderr
    return {line.split()[0] for line in table.splitlines() if line.strip()[-1:].isdigit()}


def test_encoders_and_a_predictor_of_the_users(finished, tmp_path):
    folder = tmp_path / "project"
    shutil.copytree(finished, folder, symlinks=True)
    (folder / "mine").mkdir()
    (folder / "mine/config.yaml").write_text(CHANGES)
    (folder / "mine/encoders.py").write_text(ENCODERS)
    (folder / "mine/predictor.py").write_text(PREDICTOR.replace("class Centres", "class Centers"))
    refused = run_mine(folder)
    told = "mine/predictor.py: has no 'Centres'; known names: Centers"
    assert told in refused.stdout + refused.stderr
    (folder / "mine/predictor.py").write_text(PREDICTOR)
    succeeded(run_mine(folder))

    scores = read_parquet(folder / SCORES)
    assert scores["score"].between(0.001, 1).all()
    assert scores["score"].nunique() > 1000
    encoder = read_metadata(folder / "results/embeddings/enzymes.parquet")["encoder"]
    assert encoder.startswith("Composition ")
    table = pd.read_csv(folder / "results/tables/emi.csv")
    ours = table[table["predictor"] == "Centres"]
    assert len(ours) == 6
    assert ours["encoder"].str.fullmatch(rf"{encoder} x Letters \w+").all()
    assert ours["auroc"].notna().all()
    versions = pd.read_csv(folder / "results/tables/versions.csv").set_index("name")
    for name in ("enzyme encoder", "metabolite encoder", "scorer", "your Centres"):
        assert versions.loc[name, "version"].startswith("mine/"), name
        assert len(versions.loc[name, "sha256"]) == 64, name

    assert rules_to_run(folder) == set()
    (folder / "mine/predictor.py").write_text(PREDICTOR + "# a comment\n")
    assert rules_to_run(folder) == {"record_versions", "total"}
    (folder / "mine/predictor.py").write_text(PREDICTOR.replace("/ self.width", "/ 2 / self.width"))
    assert rules_to_run(folder) == {
        *("fit_predictor", "evaluate_tower", "score_proteome", "tabulate_emi"),
        *("record_versions", "total"),
    }
    # beside the others in the library: one file and one line
    registry = folder / "gemwright/emi/models/registry.py"
    line = '    "centres": "gemwright.emi.models.centres:Centres",\n'
    registry.write_text(registry.read_text().replace("PREDICTORS = {\n", "PREDICTORS = {\n" + line))
    (registry.parent / "centres.py").write_text(PREDICTOR)
    (folder / "mine/predictor.py").write_text(PREDICTOR)
    assert rules_to_run(folder) == {"fit_predictor", "evaluate_tower", "tabulate_emi", "total"}
    (folder / "mine/encoders.py").write_text(ENCODERS.replace("20", "10 + 10"))
    assert {"embed_enzymes", "embed_metabolites", "train_tower"} < rules_to_run(folder)
