"""Models of BiGG, and the tables that users give beside a model: strategies, fluxes, energies."""

import gzip
import json
import sys
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from harness import Target

sys.path.append(str(Path(__file__).parents[1]))

from test_bigg_models import SBML, TINY
from test_kinetics_from_cobra import shuttle
from toy_strain import toy

from gemwright.config.inputs import InputOptions
from gemwright.gem.medium import exchange_of
from gemwright.gem.model import MetabolicModel
from gemwright.inputs.called_genes import CalledGene, genes_table
from gemwright.inputs.gene_ids import read_aliases
from gemwright.io.tables import write_delimited
from gemwright.kinetics.chemical_potentials import read_energies
from gemwright.kinetics.concentrations import read_concentrations
from gemwright.kinetics.flux_tables import read_flux_state
from gemwright.sources.bigg_models import BiggTables, read_bigg_models
from gemwright.sources.bigg_snapshot import read_universe
from gemwright.strain_design import strategy_checks
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.strategy_checks import check_strategies
from gemwright.strain_design.strategy_table import gene_splitter, read_strategy_table
from gemwright.strain_design.user_strategies import judge_user_strategies, read_user_strategies

BIGG_JSON = json.dumps(TINY, indent=1).encode()
STRATEGIES = b"target\tdeleted\tnote\nm6\tg3\tmine\nm6\tg3;abc\t\nm5\tg1, g4\t\n"
GENE_NAMES = {"g1": "abc", "g2": "x y", "g4": "twice", "g5": "twice"}
FLUXES = b"reaction,flux\nEX_a_e,-3\nEX_b_e,3\nAt,3.001\n1CONV,3\nBACK,3\nBt,3\n"
ENERGIES = b"reaction\tdG\tK_eq\nA\t-1.5\t\nB\t\t10\nC\t-2\t7\n"
CONCENTRATIONS = b"species\tconcentration\na_c\t1e-3\nb_c\t0.25\nc_e\t.5\n"
GENES = [
    CalledGene("N_001", "c1", 1, 300, "+", "GenBank", 11, "", "dnaA", "A1,A1b", "WP_1.1", "x, y"),
    CalledGene("N_002", "c1", 400, 700, "-", "GenBank", 11, "5'", "007", "A2", "WP_2.1", '"z"'),
    CalledGene("N_003", "c1", 800, 900, "+", "GenBank", 4, "", "NA", "A3", "WP_2.1", "", "pseudo"),
]


def bigg(path: Path) -> None:
    """Tables of a model; what is written as cobra's JSON is read as the same."""
    tables = read_bigg_models({"tiny": path})
    for item in fields(BiggTables):
        table = getattr(tables, item.name)
        assert pa.Table.from_pandas(table, preserve_index=False).num_rows == len(table)
    again = path.with_name("again.json")
    again.write_text(json.dumps(_as_json(tables)), "utf-8")
    back = read_bigg_models({"tiny": again})
    for name, keys in (
        ("reactions", ["reaction"]),
        ("stoichiometry", ["reaction", "species"]),
        ("gprs", ["reaction", "complex", "gene"]),
    ):
        old, new = (
            getattr(one, name).sort_values(keys, ignore_index=True) for one in (tables, back)
        )
        assert old.equals(new), name


def _as_json(tables: BiggTables) -> dict[str, object]:
    sides = tables.stoichiometry.groupby("reaction")
    balances = {name: dict(zip(t["species"], t["coefficient"], strict=True)) for name, t in sides}
    return {
        "id": "tiny",
        "genes": [{"id": name} for name in tables.genes["gene"]],
        "metabolites": [
            {"id": row.species, "compartment": row.compartment, "formula": row.formula}
            for row in tables.species.itertuples()
        ],
        "reactions": [
            {
                "id": row.reaction,
                "name": row.name,
                "metabolites": balances.get(row.reaction, {}),
                "lower_bound": row.lower_bound,
                "upper_bound": row.upper_bound,
                "objective_coefficient": row.objective,
                "subsystem": row.subsystem,
                "gene_reaction_rule": row.gene_rule,
            }
            for row in tables.reactions.itertuples(index=False, name="Row")
        ],
    }


@cache
def strain() -> StrainModel:
    return StrainModel(toy())


def strategies(path: Path) -> None:
    """A user's strategies, judged; written with the model's ids they are the same."""
    found = read_user_strategies(path, strain(), GENE_NAMES)
    judged = judge_user_strategies(strain(), found)
    assert np.isfinite(judged["growth_rate"]).all()
    again = path.with_name("again.tsv")
    rows = [(item.target, ";".join(strain().names(item.deleted))) for item in found]
    pd.DataFrame(rows, columns=["target", "deleted"]).to_csv(again, sep="\t", index=False)
    back = read_user_strategies(again, strain())
    assert [item.target for item in back] == [item.target for item in found]
    for one, two in zip(found, back, strict=True):
        assert np.array_equal(one.deleted, two.deleted)


PROTEOME = ("g1", "g2 x", "lcl|NC_1.3_prot_NP_4.1_1", "g4;5")
OF_PROTEOME = (
    b"target\tdeleted\nsucc_e\tg1;g2 x\nac[c]\tg4;5, g1\n",
    b"target,deleted\nC00042_e,NP_4.1\nM_ac_e,NP_4.1\n",
    b"target\tdeleted\nac_c\tG1\n",
)
ALL_KNOWN = InputOptions(known_genes=1.0)


@cache
def cut_universe(_: str) -> MetabolicModel:
    """Succinate, acetate and glucose alone, in the place of any universe."""
    whole = read_universe("archaea")
    species = whole.species[whole.species["metabolite"].isin(["succ", "ac", "glc__D"])]
    exchanges = [exchange_of(metabolite) for metabolite in species["metabolite"]]
    reactions = whole.reactions[whole.reactions["reaction"].isin(exchanges)]
    return replace(whole, species=species, reactions=reactions)


def strategies_of_proteome(path: Path) -> None:
    """Strategies for a model that is not made; written as they are understood they stay so."""
    strategy_checks.read_universe = cut_universe
    told = check_strategies(path, "", cut_universe("").species, PROTEOME, ALL_KNOWN)
    targets = {item.given: item.meant for item in told if item.kind.startswith("target by")}
    genes = {item.given: item.meant for item in told if not item.kind.startswith("target by")}
    frame = read_strategy_table(path).frame
    split = gene_splitter(PROTEOME)
    frame["target"] = [targets.get(name, name) for name in frame["target"]]
    frame["deleted"] = [";".join(genes.get(n, n) for n in split(text)) for text in frame["deleted"]]
    again = path.with_name("again.tsv")
    frame[["target", "deleted"]].to_csv(again, sep="\t", index=False)
    assert check_strategies(again, "", cut_universe("").species, PROTEOME) == []


def aliases(path: Path) -> None:
    """Other names of genes, as a table that lies in the results says them."""
    known = {gene.gene for gene in GENES[:2]}
    found = read_aliases(path, known)
    assert not found.keys() & known
    assert {alias.gene for alias in found.values()} <= known


@cache
def genes_seed() -> list[bytes]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "genes.csv"
        write_delimited(genes_table(GENES), path)
        return [path.read_bytes()]


def fluxes(path: Path) -> None:
    """A flux state: in balance, and the same when written and read."""
    model = shuttle()
    state = read_flux_state(path, model)
    assert np.isfinite(list(state.fluxes.values())).all()
    again = path.with_name("again.tsv")
    pd.Series(state.fluxes, name="flux").rename_axis("reaction").to_csv(again, sep="\t")
    back = read_flux_state(again, model)
    size = max(map(abs, state.fluxes.values()))
    for name in state.fluxes.keys() | back.fluxes.keys():
        assert abs(state.fluxes.get(name, 0.0) - back.fluxes.get(name, 0.0)) <= 1e-9 * size


def energies(path: Path) -> None:
    found = read_energies(path, ["A", "B", "C", "X"], np.array([0.0, 1.0, 0.0, 0.0]), ["X"])
    assert np.isfinite(found[:3]).all()
    again = path.with_name("again.tsv")
    rows = {"reaction": ["A", "B", "C"], "dG": found[:3]}
    pd.DataFrame(rows).to_csv(again, sep="\t", index=False)
    assert np.array_equal(read_energies(again, ["A", "B", "C"], np.zeros(3)), found[:3])


def concentrations(path: Path) -> None:
    names = ["a_c", "b_c", "c_e"]
    found = read_concentrations(path, names)
    assert ((found > 0) & np.isfinite(found)).all()
    again = path.with_name("again.tsv")
    rows = {"species": names, "concentration": found / 1e6}
    pd.DataFrame(rows).to_csv(again, sep="\t", index=False)
    assert np.allclose(read_concentrations(again, names), found, rtol=1e-12, atol=0)


TARGETS = [
    Target("bigg json", ".json", lambda: [BIGG_JSON, gzip.compress(BIGG_JSON, 1, mtime=0)], bigg),
    Target("bigg sbml", ".xml", lambda: [SBML.encode()], bigg),
    Target("strategies of users", ".tsv", lambda: [STRATEGIES], strategies),
    Target("strategies of a proteome", ".tsv", lambda: list(OF_PROTEOME), strategies_of_proteome),
    Target("other names of genes", ".csv", genes_seed, aliases),
    Target("flux states of users", ".csv", lambda: [FLUXES], fluxes),
    Target("energies of users", ".tsv", lambda: [ENERGIES], energies),
    Target("concentrations of users", ".tsv", lambda: [CONCENTRATIONS], concentrations),
]
