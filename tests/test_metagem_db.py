"""MetaGEM-DB: sides, names and losses of every route on tiny tables, and on the real files."""

import dataclasses
import functools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror

from gemwright.config.metagem_db import PairOptions
from gemwright.download.fetching import fetch_collection
from gemwright.download.parsing import parse_collection, write_tables
from gemwright.download.records import open_downloads, write_records
from gemwright.download.wanted import download_options
from gemwright.errors import InputError
from gemwright.io.files import sha256_text
from gemwright.io.tables import write_parquet
from gemwright.io.user_tables import read_delimited
from gemwright.metagem_db import structures as metabolite_structures
from gemwright.metagem_db.associations import (
    curated_associations,
    ec_associations,
    map_bigg_reactions,
)
from gemwright.metagem_db.benchmark import benchmark_interactions
from gemwright.metagem_db.datasheet import data_versions, datasheet
from gemwright.metagem_db.embedded import embedded_database
from gemwright.metagem_db.funnel import Funnel
from gemwright.metagem_db.inputs import (
    read_database,
    read_source_tables,
    write_database,
)
from gemwright.metagem_db.routes import SourceTables, build_database
from gemwright.metagem_db.structures import hash_structures, name_metabolites
from gemwright.sources.bigg_snapshot import read_universe
from gemwright.sources.chebi import read_chebi
from gemwright.sources.registry import read_registry
from gemwright.sources.structures import canonical_smiles, inchikey

NUCLEOSIDE = "Nc1ncnc2c1ncn2[C@@H]1O[C@H](COP(=O)({0})OP(=O)({0})OP(=O)({0}){0})[C@@H](O)[C@H]1O"
ATP, ATP_ACID = NUCLEOSIDE.format("[O-]"), NUCLEOSIDE.format("O")
ETHANOL, ACETATE, R_ACID = "CHEBI:16236", "CHEBI:30089", "CHEBI:35757"
# 10000 is ethanol + ATP = acetate + an acid with a residue; 20000 has what has no structure
PARTICIPANTS = [
    (10000, "left", ETHANOL, "chebi"),
    (10000, "left", "CHEBI:30616", "chebi"),
    (10000, "right", ACETATE, "chebi"),
    (10000, "right", R_ACID, "chebi"),
    (20000, "left", ETHANOL, "chebi"),
    (20000, "left", "GENERIC:10594", "generic"),
    (20000, "right", "POLYMER:12833", "polymer"),
    (20000, "right", "CHEBI:36080", "chebi"),
    (30000, "left", ACETATE, "chebi"),
]
SMILES = {ETHANOL: "OCC", "CHEBI:30616": ATP, ACETATE: "CC(=O)[O-]", R_ACID: "[O-]C(=O)*"}


def frame(columns, rows):
    return pd.DataFrame(rows, columns=columns.split())


def directions():
    rows = [
        (master + offset, master, direction)
        for master in (10000, 20000, 30000)
        for offset, direction in enumerate(("UN", "LR", "RL", "BI"))
    ]
    return frame("rhea_id rhea direction", rows)


def sources(annotated=(("P1", 10000),), **changes):
    """Tables of three reactions; BiGG has ETOHX and, written with one direction, MIXED."""
    tables = {
        "directions": directions(),
        "reactions": pd.DataFrame(
            {
                "rhea": [10000, 20000, 30000],
                "balanced": pd.array([True, None, False], dtype="boolean"),
            }
        ),
        "participants": frame("rhea side participant kind", PARTICIPANTS),
        "structures": (frame("chebi smiles", SMILES.items()),),
        "merged": frame("secondary chebi", []),
        "proteins": frame(
            "accession enzyme sequence evidence",
            [
                ("P1", "one", "MA", "inferred"),
                ("P2", "two", "MC", "experimental"),
                ("P3", "one", "MA", "experimental"),
            ],
        ),
        # Rhea repeats an annotation of UniProt's
        "protein_rhea": {
            "UniProt": frame("accession rhea_id", annotated),
            "Rhea": frame("accession rhea_id", annotated[:1]),
        },
        "protein_ec": frame("accession ec", [("P1", "1.1.1.1"), ("P2", "1.1.1.-")]),
        "reaction_ec": frame("rhea ec", [(10000, "1.1.1.1"), (20000, "1.1.1.-")]),
        "bigg_reactions": pd.Index(["ETOHX", "MIXED", "LOST", "EX_etoh_e"]),
        "bigg_rhea": {
            "BiGG": frame("reaction rhea_id", [("ETOHX", 10000), ("LOST", 99999)]),
            "MetaNetX": frame(
                "reaction rhea_id", [("ETOHX", 10002), ("MIXED", 20003), ("MIXED", 30000)]
            ),
        },
        "bigg_structures": frame("bigg_id smiles", [("atp", ATP_ACID), ("etoh", "CCO")]),
    }
    return SourceTables(**{**tables, **changes})


def built(annotated, undirected="both", unbalanced=False, **changes):
    options = PairOptions(undirected=undirected, unbalanced=unbalanced)
    return build_database("bigg_rhea", sources(annotated, **changes), options)


def lost(funnel):
    return dict(zip(funnel["step"], funnel["lost"], strict=True))


LEFT, RIGHT = {ETHANOL, "CHEBI:30616"}, {ACETATE, R_ACID}


@pytest.mark.parametrize(
    ("rhea_id", "undirected", "metabolites", "side"),
    [
        (10001, "both", LEFT, "substrate"),
        (10002, "both", RIGHT, "substrate"),
        (10003, "both", LEFT | RIGHT, "reversible"),
        (10000, "both", LEFT | RIGHT, "reversible"),
        (10000, "left", LEFT, "substrate"),
        (10002, "left", RIGHT, "substrate"),
        (10003, "left", LEFT | RIGHT, "reversible"),
    ],
)
def test_direction_says_which_side_is_consumed(rhea_id, undirected, metabolites, side):
    pairs = built([("P1", rhea_id)], undirected).pairs
    assert set(pairs["metabolite"]) == metabolites
    assert set(pairs["side"]) == {side}
    assert set(pairs["enzyme"]) == {"one"}


def test_a_directed_row_beats_the_undirected_row_of_the_same_protein_and_reaction():
    rows = [("P1", 10000), ("P1", 10001), ("P2", 10000)]
    pairs = built(rows).pairs
    assert set(pairs.loc[pairs["enzyme"] == "one", "metabolite"]) == LEFT
    assert set(pairs.loc[pairs["enzyme"] == "two", "metabolite"]) == LEFT | RIGHT


@pytest.mark.parametrize("undirected", ["both", "left"])
def test_both_one_way_rows_of_a_protein_make_its_reaction_reversible(undirected):
    pairs = built([("P1", 10001), ("P1", 10002)], undirected).pairs
    assert set(pairs["metabolite"]) == LEFT | RIGHT
    assert set(pairs["side"]) == {"reversible"}


def test_one_way_rows_of_two_proteins_of_one_sequence_stay_irreversible():
    pairs = built([("P1", 10001), ("P3", 10002)]).pairs
    assert set(pairs["metabolite"]) == LEFT | RIGHT
    assert set(pairs["side"]) == {"substrate"}


def test_reactions_of_both_kinds_make_the_side_both():
    pairs = built([("P1", 10001), ("P1", 20003)]).pairs.set_index("metabolite")
    assert pairs.loc[ETHANOL, ["n_reactions", "reactions", "side"]].tolist() == [
        2, "10000;20000", "both",
    ]  # fmt: skip
    assert pairs.loc["CHEBI:30616", "side"] == "substrate"


def test_curated_associations_are_exact():
    rows = [("P2", 10000), ("P1", 10000), ("P1", 10001), ("P1", 10001), ("P1", 77777)]
    tables = {
        "UniProt": frame("accession rhea_id", [*rows, ("P3", 10001), ("P2", 20003)]),
        "Rhea": frame("accession rhea_id", [("P1", 10001), ("P3", 10002), ("P2", 20001)]),
    }
    funnel = Funnel()
    found = curated_associations(tables, directions(), funnel)
    assert found.values.tolist() == [
        ["P1", 10000, "LR"],
        ["P2", 10000, "UN"],
        ["P2", 20000, "BI"],
        ["P3", 10000, "BI"],
    ]
    steps = funnel.frame()[["step", "unit", "records", "lost"]]
    assert steps.values.tolist() == [
        ["proteins of reactions in UniProt", "associations in UniProt", 6, 0],
        ["proteins of reactions in Rhea", "associations in Rhea", 3, 0],
        ["proteins of reactions", "associations", 8, 0],
        ["of current reactions, one row for a protein and a reaction", "associations", 4, 4],
        ["of these with a direction", "directed associations", 3, 0],
    ]


def test_bigg_reactions_lead_to_the_master_and_obsolete_identifiers_are_counted():
    tables, funnel = sources(), Funnel()
    found = map_bigg_reactions(tables.bigg_reactions, tables.bigg_rhea, directions(), funnel)
    assert found.values.tolist() == [
        ["ETOHX", 10000, "BiGG;MetaNetX"],
        ["MIXED", 20000, "MetaNetX"],
        ["MIXED", 30000, "MetaNetX"],
    ]
    assert funnel.frame()["records"].tolist() == [4, 3, 2]
    assert lost(funnel.frame())["with a current Rhea identifier"] == 1


def test_incomplete_ec_numbers_never_join():
    tables, funnel = sources(), Funnel()
    found = ec_associations(tables.protein_ec, tables.reaction_ec, funnel)
    assert found.values.tolist() == [["P1", 10000, "UN"]]
    assert lost(funnel.frame())["with a complete EC number"] == 1
    database = build_database("ec", tables)
    assert set(database.pairs["enzyme"]) == {"one"}
    assert set(database.pairs["metabolite"]) == LEFT | RIGHT


def test_an_ec_number_that_no_reaction_has_is_counted():
    protein_ec = frame("accession ec", [("P1", "1.1.1.1"), ("P2", "9.9.9.9"), ("P2", "9.9.9.8")])
    funnel = Funnel()
    ec_associations(protein_ec, frame("rhea ec", [(10000, "1.1.1.1")]), funnel)
    assert lost(funnel.frame())["whose EC number a Rhea reaction has"] == 1


def test_unbalanced_reactions_are_left_out_and_counted():
    rows = [("P1", 10001), ("P1", 30001)]
    strict, kept = built(rows), built(rows, unbalanced=True)
    assert set(strict.pairs["metabolite"]) == LEFT
    assert lost(strict.funnel)["of reactions that balance"] == 1
    assert set(kept.pairs["metabolite"]) == LEFT | {ACETATE}
    assert "of reactions that balance" not in set(kept.funnel["step"])


def test_participants_without_a_structure_are_counted_by_their_kind():
    found = built([("P1", 20003)])
    assert found.pairs["metabolite"].tolist() == [ETHANOL]
    steps = lost(found.funnel)
    assert (steps["not generic"], steps["not polymer"], steps["with a structure"]) == (1, 1, 1)
    assert steps["with SMILES"] == 1


def test_every_loss_of_the_funnel_is_the_difference_from_the_step_before():
    rows = [("P1", 10001), ("P2", 20000), ("P9", 10000), ("P1", 30003), ("P3", 77777)]
    found = built(rows)
    for _, steps in found.funnel.groupby("unit"):
        assert steps["lost"].sum() == steps["records"].iloc[0] - steps["records"].iloc[-1]
        assert (steps["lost"] >= 0).all()
    assert lost(found.funnel)["of proteins with a sequence"] == 1
    assert found.funnel["records"].iloc[-1] == len(found.pairs)


def test_two_accessions_of_one_sequence_make_one_pair_with_the_best_evidence():
    found = built([("P1", 10001), ("P3", 10001), ("P2", 10001)])
    pairs = found.pairs.set_index("enzyme")
    assert pairs.loc["one", "n_proteins"].tolist() == [2, 2]
    assert pairs.loc["one", "n_reactions"].tolist() == [1, 1]
    assert set(pairs["evidence"]) == {"experimental"}
    assert found.enzymes.values.tolist() == [["one", "MA"], ["two", "MC"]]
    alone = built([("P1", 10001)])
    assert set(alone.pairs["evidence"]) == {"inferred"}
    assert alone.enzymes["enzyme"].tolist() == ["one"]


def test_two_entries_of_one_structure_make_one_pair():
    extra = frame("rhea side participant kind", [(20000, "left", "CHEBI:9", "chebi")])
    found = built(
        [("P1", 20001)],
        participants=pd.concat([sources().participants, extra]),
        structures=(frame("chebi smiles", [*SMILES.items(), ("CHEBI:9", "C(O)C")]),),
    )
    assert found.pairs[["metabolite", "n_reactions"]].values.tolist() == [["CHEBI:9", 1]]
    assert found.pairs["structure"].tolist() == [sha256_text("CCO")]
    assert found.metabolites["chebi"].tolist() == [f"CHEBI:9;{ETHANOL}"]


def test_a_merged_entry_has_the_structure_of_its_primary():
    listed = {ACETATE: SMILES[ACETATE], "CHEBI:1": SMILES[ETHANOL]}
    found = built(
        [("P1", 10003)],
        structures=(frame("chebi smiles", listed.items()),),
        merged=frame("secondary chebi", [(ETHANOL, "CHEBI:1"), (ACETATE, "CHEBI:2")]),
    )
    smiles = found.metabolites.set_index("metabolite")["smiles"]
    # an entry that has its own keeps it
    assert smiles.to_dict() == {ETHANOL: "CCO", ACETATE: "CC(=O)[O-]"}


def test_the_first_table_that_knows_an_entry_counts():
    tables = (
        frame("chebi smiles", [(ETHANOL, "CCO"), (ACETATE, None)]),
        frame("chebi smiles", [(ETHANOL, "CCC"), (ACETATE, "CC(=O)[O-]")]),
    )
    found = built([("P1", 10003)], structures=tables)
    assert found.metabolites["smiles"].tolist() == ["CCO", "CC(=O)[O-]"]


def test_smiles_that_cannot_be_read_are_named_in_the_funnel():
    found = built(
        [("P1", 10001)],
        structures=(frame("chebi smiles", [*SMILES.items(), ("CHEBI:36080", "C(")]),),
    )
    step = found.funnel.set_index("step").loc["with SMILES that can be read"]
    assert step["lost"] == 1
    assert "CHEBI:36080" in step["why"]


def test_r_groups_and_currency_are_flagged():
    pairs = built([("P1", 10003)]).pairs.set_index("metabolite")
    assert pairs["r_group"].to_dict() == {name: name == R_ACID for name in LEFT | RIGHT}
    # ATP(4-) of Rhea is BiGG's atp, drawn here with all its protons
    assert pairs["currency"].to_dict() == {name: name == "CHEBI:30616" for name in LEFT | RIGHT}


def test_bigg_names_match_by_structure_first_then_without_protons():
    structures, refused = hash_structures(
        frame(
            "chebi smiles",
            [("CHEBI:10", ATP), ("CHEBI:2", ATP_ACID), ("CHEBI:3", "*C"), ("CHEBI:4", "C(")],
        )
    )
    assert refused == ["CHEBI:4"]
    assert structures["chebi"].tolist() == ["CHEBI:10", "CHEBI:2", "CHEBI:3"]
    names = [("zz", ATP_ACID), ("atp_long", ATP), ("atp", ATP_ACID), ("res", "C*")]
    table = name_metabolites(structures, frame("bigg_id smiles", names)).set_index("metabolite")
    assert table["bigg_id"].to_dict() == {"CHEBI:10": "atp_long", "CHEBI:2": "zz", "CHEBI:3": "res"}
    assert table["r_group"].to_dict() == {"CHEBI:10": False, "CHEBI:2": False, "CHEBI:3": True}
    assert table.loc["CHEBI:3", "inchikey"] == ""
    keys = table.loc[["CHEBI:10", "CHEBI:2"], "inchikey"]
    assert keys.nunique() == 2
    assert keys.str[:25].nunique() == 1
    only = name_metabolites(structures, frame("bigg_id smiles", [("atp", ATP_ACID)]))
    assert only["bigg_id"].tolist() == ["atp", "atp", ""]


def test_a_metabolite_is_named_by_its_smallest_number():
    rows = [("CHEBI:1000", "CCO"), ("CHEBI:99", "OCC")]
    structures, _ = hash_structures(frame("chebi smiles", rows))
    table = name_metabolites(structures, frame("bigg_id smiles", []))
    assert table[["metabolite", "chebi"]].values.tolist() == [["CHEBI:99", "CHEBI:99;CHEBI:1000"]]


@pytest.mark.parametrize("rows", [[("P9", 10001)], [("P1", 77777)], [("P1", 30001)]])
def test_nothing_left_is_told(rows):
    with pytest.raises(InputError, match="no enzyme-metabolite pair is left"):
        built(rows)


ROWS = [("P1", 10000), ("P1", 10001), ("P3", 10003), ("P2", 20000), ("P2", 10002), ("P3", 30001)]
SHUFFLED = ("directions", "reactions", "participants", "proteins", "protein_ec", "bigg_structures")


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), route=st.sampled_from(["bigg_rhea", "ec"]))
def test_the_order_of_the_input_does_not_matter(seed, route):
    tables = sources(ROWS)
    mixed = dataclasses.replace(
        tables,
        structures=tuple(table.sample(frac=1, random_state=seed) for table in tables.structures),
        bigg_reactions=tables.bigg_reactions[::-1],
        protein_rhea={
            name: table.sample(frac=1, random_state=seed)
            for name, table in tables.protein_rhea.items()
        },
        **{name: getattr(tables, name).sample(frac=1, random_state=seed) for name in SHUFFLED},
    )
    expected, found = build_database(route, tables), build_database(route, mixed)
    for part in ("pairs", "enzymes", "metabolites", "funnel"):
        pd.testing.assert_frame_equal(getattr(found, part), getattr(expected, part))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99)), max_size=12))
def test_the_funnel_counts_each_unit_on_its_own(steps):
    funnel = Funnel()
    for unit, records in steps:
        funnel.add("step", unit, records)
    for unit, rows in funnel.frame().groupby("unit"):
        counts = [records for name, records in steps if name == unit]
        assert rows["records"].tolist() == counts
        assert rows["lost"].sum() == counts[0] - counts[-1]


# --- the benchmark ---------------------------------------------------------------------------


def test_benchmark_leaves_currency_and_r_groups_out_and_takes_the_names_of_bigg():
    shipped = frame("bigg_id smiles", [("etoh", "CCO"), ("other", "CCC")])
    interactions, structures, funnel = benchmark_interactions(built([("P1", 10003)]), shipped)
    assert interactions.values.tolist() == [
        ["one", ACETATE, 1, "10000", "inferred", "reversible"],
        ["one", "etoh", 1, "10000", "inferred", "reversible"],
    ]
    assert set(structures["bigg_id"]) == {"etoh", "other", ACETATE, R_ACID, "atp"}
    assert structures["bigg_id"].is_monotonic_increasing
    assert funnel[["step", "records", "lost"]].values.tolist() == [
        ["MetaGEM-DB", 4, 0],
        ["without currency metabolites", 3, 1],
        ["without R groups", 2, 1],
        ["one row for a BiGG metabolite", 2, 0],
    ]


@pytest.mark.parametrize(
    ("currency", "r_groups", "more", "steps"),
    [
        (True, False, {"atp"}, ["without R groups"]),
        (False, True, {R_ACID}, ["without currency metabolites"]),
        (True, True, {"atp", R_ACID}, []),
    ],
)
def test_benchmark_keeps_currency_and_r_groups_where_told(currency, r_groups, more, steps):
    shipped = frame("bigg_id smiles", [("etoh", "CCO")])
    interactions, _, funnel = benchmark_interactions(
        built([("P1", 10003)]), shipped, include_currency=currency, include_r_groups=r_groups
    )
    assert set(interactions["metabolite"]) == {ACETATE, "etoh"} | more
    assert funnel["step"].tolist() == ["MetaGEM-DB", *steps, "one row for a BiGG metabolite"]


@pytest.mark.parametrize(
    ("annotated", "merged"),
    [
        # the acid by one reaction and one protein, the anion by others
        ([("P1", 10001), ("P3", 20003)], [2, "10000;20000", "experimental", "both"]),
        ([("P3", 10003), ("P1", 20001)], [2, "10000;20000", "experimental", "both"]),
        ([("P1", 10001), ("P1", 20001)], [2, "10000;20000", "inferred", "substrate"]),
        # the anion by both reactions, one of which has the acid, too: no reaction counts twice
        ([("P1", 10003), ("P1", 20003)], [2, "10000;20000", "inferred", "reversible"]),
        ([("P1", 10003)], [1, "10000", "inferred", "reversible"]),
    ],
)
def test_benchmark_merges_the_protonation_forms_of_a_bigg_metabolite(annotated, merged):
    rows = [(10000, "left", "CHEBI:15366", "chebi"), (20000, "left", ACETATE, "chebi")]
    extra = frame("rhea side participant kind", rows)
    database = built(
        annotated,
        participants=pd.concat([sources().participants, extra]),
        structures=(frame("chebi smiles", [*SMILES.items(), ("CHEBI:15366", "CC(=O)O")]),),
        bigg_structures=frame("bigg_id smiles", [("ac", "CC(=O)[O-]")]),
    )
    assert (database.metabolites["bigg_id"] == "ac").sum() == 2
    interactions, structures, funnel = benchmark_interactions(
        database, frame("bigg_id smiles", [("ac", "CC(=O)[O-]")])
    )
    found = interactions[interactions["metabolite"] == "ac"]
    assert found.values.tolist() == [["one", "ac", *merged]]
    ordered = interactions.sort_values(["enzyme", "metabolite"], ignore_index=True)
    pd.testing.assert_frame_equal(interactions, ordered)
    assert funnel["lost"].iloc[-1] == 1
    assert structures.set_index("bigg_id").loc["ac", "smiles"] == "CC(=O)[O-]"


def test_benchmark_of_nothing_but_currency_is_refused():
    database = built([("P1", 10001)])
    only = dataclasses.replace(database, pairs=database.pairs[database.pairs["currency"]])
    with pytest.raises(InputError, match="no pair is left"):
        benchmark_interactions(only, frame("bigg_id smiles", []))


# --- the embedded route ----------------------------------------------------------------------


def embedded():
    """Ethanol under two names is oxidised by R1 and carried by T1; ATP is currency."""
    return embedded_database(
        gprs=frame(
            "model gene reaction", [("m", "g1", "R1"), ("m", "g2", "T1"), ("m", "g3", "R1")]
        ),
        proteins=frame(
            "model gene enzyme", [("m", "g1", "one"), ("m", "g2", "two"), ("m", "g3", "one")]
        ),
        stoichiometry=frame(
            "reaction species coefficient",
            [
                ("R1", "etoh_c", -1.0), ("R1", "ethanol_c", -1.0), ("R1", "atp_c", -1.0),
                ("R1", "ac_c", 1.0), ("T1", "etoh_e", -1.0), ("T1", "etoh_c", 1.0),
            ],
        ),
        species=frame(
            "species metabolite compartment",
            [
                ("etoh_c", "etoh", "c"), ("ethanol_c", "ethanol", "c"), ("atp_c", "atp", "c"),
                ("ac_c", "ac", "c"), ("etoh_e", "etoh", "e"),
            ],
        ),
        model_bounds=frame(
            "model reaction lower_bound upper_bound", [("m", "R1", 0.0, 1.0), ("m", "T1", 0.0, 1.0)]
        ),
        enzymes=frame("enzyme sequence", [("one", "MA"), ("two", "MC"), ("unused", "MD")]),
        structures=frame(
            "bigg_id smiles",
            [("etoh", "CCO"), ("ethanol", "OCC"), ("atp", ATP), ("ac", "CC(=O)[O-]")],
        ),
    )  # fmt: skip


def test_embedded_pairs_merge_the_names_of_a_structure_and_mark_transport():
    found = embedded()
    columns = ["enzyme", "metabolite", "n_proteins", "side", "currency", "transport", "evidence"]
    assert found.pairs[columns].values.tolist() == [
        ["one", "atp", 2, "substrate", True, False, "unknown"],
        ["one", "etoh", 2, "substrate", False, False, "unknown"],
        ["two", "etoh", 1, "substrate", False, True, "unknown"],
    ]
    assert found.enzymes["enzyme"].tolist() == ["one", "two"]
    assert found.metabolites["bigg_id"].tolist() == ["atp", "etoh;ethanol"]
    ethanol = found.pairs["metabolite"] == "etoh"
    assert set(found.pairs.loc[ethanol, "structure"]) == {sha256_text("CCO")}
    assert found.funnel["records"].iloc[-1] == len(found.pairs)
    assert found.funnel["lost"].iloc[-1] == 1


# --- the datasheet ---------------------------------------------------------------------------


def test_datasheet_counts_every_route_beside_the_paper():
    pairs = {"bigg_rhea": built([("P1", 10003), ("P2", 10001)]).pairs, "embedded": embedded().pairs}
    printed = frame(
        "table row metric value",
        [("metagem_db", "pairs", "count", "330432"), ("table1", "pairs", "count", "1")],
    )
    sheet = datasheet(pairs, printed, {"bigg_rhea": "fetched", "embedded": "1.6.6"})
    rows = sheet.set_index("quantity")
    assert rows.loc["pairs"].tolist() == ["330432", "6", "3"]
    assert rows.loc["pairs, evidence experimental"].tolist() == ["", "2", "0"]
    assert rows.loc["pairs without currency metabolites"].tolist() == ["", "4", "2"]
    assert rows.loc["pairs without currency and R groups"].tolist() == ["", "3", "2"]
    assert rows.loc["pairs without currency and transport"].tolist() == ["", "", "1"]
    assert rows.loc["pairs, irreversible substrate"].tolist() == ["", "2", "3"]
    assert rows.loc["enzymes (distinct sequences)"].tolist() == ["", "2", "2"]
    assert rows.loc["metabolites (distinct structures)"].tolist() == ["", "4", "2"]
    assert rows.loc["reactions"].tolist() == ["", "1", "2"]
    assert rows.loc["data"].tolist()[1:] == ["fetched", "1.6.6"]


@pytest.mark.parametrize(("origin", "told"), [("live", "live"), ("file:///mirror", "a mirror")])
def test_data_versions_tell_the_release_of_what_was_fetched(origin, told):
    version = read_registry()["bigg_gprs"].version
    assert data_versions(["embedded"], None) == {"embedded": version}
    lock = frame(
        "dataset item origin release sha256 status",
        [
            ("rhea_directions", "", "live", "139", "0" * 64, "fetched"),
            ("rhea_ec", "", "live", "139", "1" * 64, "fetched"),
            ("chebi_structures", "", "live", "250", "", "absent"),
            ("uniprot_enzymes", "", origin, "", "0123456789abcdef" * 4, "fetched"),
            ("bigg_model_json", "a", "live", "", "2" * 64, "fetched"),
            ("bigg_model_json", "b", "live", "", "3" * 64, "fetched"),
            ("bigg_model_json", "c", "live", "", "", "absent"),
            ("bigg_model_sbml", "a", "live", "", "4" * 64, "fetched"),
        ],
    )
    fetched = "rhea_directions 139; uniprot_enzymes sha256 01234567; 2 BiGG models"
    assert data_versions(["ec", "embedded", "bigg_rhea"], lock) == {
        "ec": f"{fetched}; from {told}",
        "embedded": version,
        "bigg_rhea": f"{fetched}; from {told}",
    }


# --- files -----------------------------------------------------------------------------------


def test_a_database_survives_its_files(tmp_path):
    names = {"pairs": "p.parquet", "enzymes": "e.parquet", "metabolites": "m.parquet"}
    paths = {part: tmp_path / name for part, name in {**names, "funnel": "f.csv"}.items()}
    database = built([("P1", 10003)])
    write_database(database, paths)
    again = read_database(paths)
    for part in names:
        pd.testing.assert_frame_equal(getattr(again, part), getattr(database, part))
    pd.testing.assert_frame_equal(again.funnel, database.funnel)


def written_sources(folder):
    """The tables as the parsers write them: more columns, and identifiers of other types."""
    tables = sources([("P1", 10001)])
    uniprot = tables.proteins.drop(columns="evidence").assign(
        reviewed=True, existence=pd.array([1, 2, None], dtype="Int8")
    )
    linked = frame("bigg_reaction rhea_id", [("ETOHX", 10002), ("MIXED", 20003)])
    files = {
        "rhea/directions": tables.directions,
        "rhea/reactions": tables.reactions.assign(equation=""),
        "rhea/participants": tables.participants.assign(coefficient=1.0),
        "rhea/smiles": frame("chebi smiles", [(ETHANOL, "CCO")]),
        "rhea/proteins": frame("accession rhea_id", [("P2", 10002)]),
        "rhea/ec": tables.reaction_ec.assign(direction="UN"),
        "uniprot/proteins": uniprot,
        "uniprot/rhea": tables.protein_rhea["UniProt"],
        "uniprot/ec": tables.protein_ec,
        "chebi/structures": tables.structures[0].assign(inchikey=None),
        "chebi/merged": tables.merged.astype(object),
        "metanetx/bigg_rhea": linked,
        "bigg/reactions": frame("model reaction", [("a", "ETOHX"), ("b", "ETOHX"), ("b", "LOST")]),
        "bigg/reaction_rhea": frame("reaction rhea_id", [("ETOHX", 10000)]),
        "universe": frame("reaction rhea", [("LOST", "20000;20001"), ("ETOHX", "")]),
    }
    for name, table in files.items():
        path = folder / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        write_parquet(table, path)
    structures = folder / "structures.tsv"
    structures.write_text(f"bigg_id\tsmiles\tinchikey\natp\t{ATP}\t\n")
    names = ("rhea", "uniprot", "chebi", "metanetx", "bigg")
    return {
        **{name: folder / name for name in names},
        "universe": folder / "universe.parquet",
        "structures": structures,
    }


def test_parsed_tables_are_read_and_their_cross_references_numbered(tmp_path):
    read = read_source_tables(written_sources(tmp_path))
    assert list(read.bigg_reactions) == ["ETOHX", "LOST"]
    assert read.bigg_rhea["BiGG"].values.tolist() == [["ETOHX", 10000]]
    assert read.bigg_rhea["MetaNetX"].values.tolist() == [["ETOHX", 10002], ["MIXED", 20003]]
    # the universe names several in one cell, and none for ETOHX
    universe = read.bigg_rhea["CarveMe's universe"]
    assert universe.values.tolist() == [["LOST", 20000], ["LOST", 20001]]
    assert read.proteins["evidence"].tolist() == ["experimental", "inferred", "unknown"]
    annotated = {name: table.values.tolist() for name, table in read.protein_rhea.items()}
    assert annotated == {"UniProt": [["P1", 10001]], "Rhea": [["P2", 10002]]}
    pairs = build_database("bigg_rhea", read).pairs
    assert set(pairs.loc[pairs["enzyme"] == "one", "metabolite"]) == LEFT
    assert set(pairs.loc[pairs["enzyme"] == "two", "metabolite"]) == RIGHT


# --- the real files --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory):
    """The parsed sources of the mirror, as the workflow parses them."""
    folder = tmp_path_factory.mktemp("metagem")
    models = sorted(path.stem for path in (MIRROR / "bigg.ucsd.edu/static/models").glob("*.json"))
    wanted = {
        "folder": folder / "downloads", "lock": None, "agree_kegg_terms": False, "retries": 1,
        "timeout": 10, "bigg_models": models, "bigg_sbml": [], "strategies": [],
    }  # fmt: skip
    paths = {}
    for name in ("rhea", "uniprot", "chebi", "metanetx", "bigg"):
        records = fetch_collection(name, download_options(name, wanted, str(MIRROR)))
        write_records(records, folder / f"{name}.tsv")
        files = open_downloads(folder / f"{name}.tsv", wanted["folder"])
        if name == "chebi":
            # RDKit's check of 30,000 entries takes ten seconds; hash_structures does it again
            tables = read_chebi(files.path("chebi_structures")).tables()
        else:
            tables = parse_collection(name, files)
        write_tables(tables, folder / name, folder / f"{name}-findings.tsv")
        paths[name] = folder / name
    write_parquet(read_universe("bigg").reactions, folder / "universe.parquet")
    shipped = "resources/metabolite_structures.tsv"
    parsed = {**paths, "universe": folder / "universe.parquet", "structures": shipped}
    with pytest.MonkeyPatch.context() as patch:
        # both routes name the same structures: RDKit computes each of them once
        for function in (canonical_smiles, inchikey):
            once = functools.cache(function)
            patch.setattr(metabolite_structures, function.__name__, once)
        yield read_source_tables(parsed)


def check(database):
    pairs, steps = database.pairs, database.funnel
    assert not pairs.duplicated(["enzyme", "structure"]).any()
    assert set(pairs["enzyme"]) == set(database.enzymes["enzyme"])
    assert set(pairs["structure"]) == set(database.metabolites["structure"])
    assert (pairs["n_reactions"] == pairs["reactions"].str.count(";") + 1).all()
    assert (steps["lost"] >= 0).all()
    assert steps["records"].iloc[-1] == len(pairs)


@needs_mirror
def test_the_paper_s_route_on_the_mirror(mirrored):
    database = build_database("bigg_rhea", mirrored)
    assert len(database.pairs) >= 49_000
    check(database)
    shipped = read_delimited("resources/metabolite_structures.tsv", ("bigg_id", "smiles"))
    interactions, structures, _ = benchmark_interactions(database, shipped)
    assert not interactions.duplicated(["enzyme", "metabolite"]).any()
    assert set(interactions["metabolite"]) <= set(structures["bigg_id"])
    assert not {"atp", "h2o", "nad", "coa"} & set(interactions["metabolite"])


@needs_mirror
def test_the_ec_route_on_the_mirror_traces_back_to_rhea(mirrored):
    database = build_database("ec", mirrored)
    assert len(database.pairs) >= 130_000
    check(database)
    pairs = database.pairs[["structure", "reactions"]]
    claimed = pairs.assign(rhea=pairs["reactions"].str.split(";")).explode("rhea")
    claimed = claimed[["structure", "rhea"]].astype({"rhea": "int64"}).drop_duplicates()
    entries = database.metabolites[["structure", "chebi"]]
    entries = entries.assign(participant=entries["chebi"].str.split(";")).explode("participant")
    listed = mirrored.participants.merge(entries, on="participant")[["structure", "rhea"]]
    traced = pd.MultiIndex.from_frame(claimed).isin(pd.MultiIndex.from_frame(listed))
    assert traced.all()
    water = database.metabolites.set_index("metabolite").loc["CHEBI:15377"]
    assert (water["smiles"], water["bigg_id"]) == (canonical_smiles("O"), "h2o")
