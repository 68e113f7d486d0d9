from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
import pytest
import yaml
from mirror import MIRROR, needs_mirror
from toy_kinetics import reaction_rates

from gemwright.config.physiologies import ReferenceOptions
from gemwright.errors import InputError
from gemwright.gem.load import read_model
from gemwright.gem.model import MetabolicModel
from gemwright.kinetics.active_network import active_network
from gemwright.kinetics.flux_states import flux_state
from gemwright.kinetics.flux_tables import flux_state_of, read_flux_state
from gemwright.kinetics.from_cobra import kinetic_model_from_cobra, require_moieties
from gemwright.kinetics.jacobian import jacobian_map
from gemwright.kinetics.labelling import Labeller
from gemwright.kinetics.mechanism_choice import Chemistry, choose_mechanism, pair_by_formula
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.state import RT, check_state
from gemwright.strain_design.models import bundled_e_coli_core

COMMON = {"growth_fraction": 0.9, "minimum_flux": 0.1}
PATH = {"G6PDH2r": 1, "THD2": 1}
PHYSIOLOGIES = {
    name: {
        "directions": {"TALA": sign, "TKT2": sign, "RPE": sign, "ACKr": uptake, **PATH},
        "bounds": {"EX_ac_e": [-10, -2] if uptake > 0 else [2, 1000]},
        **COMMON,
    }
    for name, sign, uptake in [
        ("core_1", 1, -1),
        ("core_2", -1, -1),
        ("core_3", 1, 1),
        ("core_4", -1, 1),
    ]
}


@cache
def core() -> MetabolicModel:
    return bundled_e_coli_core()


@cache
def physiology(name: str):
    state = flux_state(core(), name=name, **PHYSIOLOGIES[name])
    return (state, *kinetic_model_from_cobra(core(), state))


def tiny(reactions: dict[str, tuple[str, float, float]], objective: str = "") -> MetabolicModel:
    """A network from equations such as ``a_c + 2 b_c = c_c``."""
    rows = []
    for name, (equation, _, _) in reactions.items():
        for side, sign in zip(equation.split("="), (-1, 1), strict=True):
            for item in filter(None, map(str.strip, side.split(" + "))):
                number, _, species = item.rpartition(" ")
                rows.append((name, species, sign * float(number or 1)))
    table = pd.DataFrame(rows, columns=["reaction", "species", "coefficient"])
    species = list(dict.fromkeys(table["species"]))
    return MetabolicModel(
        "tiny",
        pd.DataFrame(
            {
                "species": species,
                "metabolite": [name.rpartition("_")[0] for name in species],
                "compartment": [name.rpartition("_")[2] for name in species],
                "formula": "",
            }
        ),
        pd.DataFrame(
            [(name, low, high) for name, (_, low, high) in reactions.items()],
            columns=["reaction", "lower_bound", "upper_bound"],
        ),
        table,
        objective,
    )


def shuttle(**more) -> MetabolicModel:
    """a comes in, becomes b at the cost of a carrier that is charged again, and b leaves."""
    return tiny(
        {
            "EX_a_e": ("a_e =", -10, 0),
            "EX_b_e": ("b_e =", 0, 1000),
            "At": ("a_e = a_c", -1000, 1000),
            "1CONV": ("a_c + nadh_c + h_c = b_c + nad_c", 0, 1000),
            "BACK": ("nad_c + h2o_c = nadh_c + h_c + h2o_c", 0, 1000),
            "Bt": ("b_c = b_e", -1000, 1000),
            **more,
        },
        "EX_b_e",
    )


NO_FORMULAS = Chemistry({}, frozenset({"h_c", "h_e"}), frozenset({"h2o_c", "h2o_e"}))


@pytest.mark.parametrize(
    ("balance", "mechanism"),
    [
        ({"a": -1, "b": 1}, Mechanism.REVERSIBLE),
        ({"a": -1, "b": -1, "c": 1, "d": 1}, Mechanism.HILL),
        ({"a": -1, "b": 1, "c": 1, "h2o_c": -1}, Mechanism.UNI_BI),
        ({"a": -1, "b": -1, "c": 1, "h_c": 1}, Mechanism.BI_UNI),
        ({"a": -2, "b": 1}, Mechanism.CONVENIENCE),
        ({"a": -1, "b": -1, "c": -1, "d": 1, "e": 1}, Mechanism.CONVENIENCE),
        ({"a": -1, "b": -1, "c": 2}, Mechanism.CONVENIENCE),
        ({"a": -0.5, "b": 1}, Mechanism.IRREVERSIBLE),
        ({"a": -1, "b": 6}, Mechanism.IRREVERSIBLE),
        ({"a": -1}, Mechanism.IRREVERSIBLE),
    ],
)
def test_stoichiometry_chooses_the_mechanism(balance, mechanism):
    reaction = choose_mechanism("R", balance, NO_FORMULAS)
    assert reaction.mechanism is mechanism
    wet = {species for species in balance if species.startswith("h2o")}
    assert reaction.balance == {s: n for s, n in balance.items() if s not in wet}


def test_protons_move_equilibria_or_act_by_mass():
    balance = {"a": -1, "b": 1, "h_e": -2, "h_c": 2, "h2o_c": 1}
    reaction = choose_mechanism("R", balance, NO_FORMULAS)
    assert reaction.displacements == (("h_e", -2), ("h_c", 2))
    broken = choose_mechanism("R", {**balance, "a": -0.5}, NO_FORMULAS)
    assert broken.first_order == (("h_e", -2), ("h_c", 2))
    flagged = choose_mechanism("R", balance, NO_FORMULAS, lumped=True)
    assert flagged.mechanism is Mechanism.IRREVERSIBLE
    assert flagged.displacements == (("h_e", -2), ("h_c", 2)) and not flagged.first_order


def test_an_empty_side_gets_its_protons_or_its_water_back():
    leak = choose_mechanism("R", {"h_e": -1, "h_c": 1}, NO_FORMULAS)
    assert leak == KineticReaction("R", Mechanism.REVERSIBLE, (("h_e", 1.0),), (("h_c", 1.0),))
    oxidase = choose_mechanism("R", {"x": -1, "h_c": -2, "h2o_c": 1}, NO_FORMULAS)
    assert oxidase.products == (("h2o_c", 1.0),)
    assert oxidase.displacements == (("h_c", -2),)


def test_backward_lumps_are_turned():
    reaction = choose_mechanism("R", {"a": -0.5, "b": 1, "h_c": 1}, NO_FORMULAS, forward=False)
    assert reaction.substrates == (("b", 1),) and reaction.products == (("a", 0.5),)
    assert reaction.first_order == (("h_c", -1),)


FORMULAS = {
    "atp": "C10H12N5O13P3", "adp": "C10H12N5O10P2", "nad": "C21H26N7O14P2",
    "nadh": "C21H27N7O14P2", "nadp": "C21H25N7O17P3", "nadph": "C21H26N7O17P3",
    "coa": "C21H32N7O16P3S", "accoa": "C23H34N7O17P3S", "succoa": "C25H35N7O19P3S",
    "pi": "HO4P", "actp": "C2H3O5P", "succ": "C4H4O4", "pyr": "C3H3O3", "lac": "C3H5O3",
}  # fmt: skip


@pytest.mark.parametrize(
    ("substrates", "products", "paired"),
    [
        (["lac", "nad"], ["nadh", "pyr"], ["pyr", "nadh"]),
        (["nadph", "nad"], ["nadh", "nadp"], ["nadp", "nadh"]),
        (["pi", "accoa"], ["coa", "actp"], ["actp", "coa"]),
        (["atp", "coa", "succ"], ["pi", "succoa", "adp"], ["adp", "succoa", "pi"]),
        (["x", "atp"], ["adp", "y"], ["y", "adp"]),
        (["x", "y"], ["u", "v"], ["u", "v"]),
    ],
)
def test_cofactors_are_paired_by_formula(substrates, products, paired):
    assert pair_by_formula(substrates, products, FORMULAS) == paired


def test_a_tiny_network_end_to_end():
    model = shuttle()
    state = flux_state(model, growth_fraction=1.0)
    assert state.fluxes["1CONV"] == pytest.approx(10)
    assert state.fluxes["EX_a_e"] == pytest.approx(-10)
    kinetic, reference = kinetic_model_from_cobra(model, state)
    assert [reaction.name for reaction in kinetic.reactions] == ["At", "_1CONV", "BACK", "Bt"]
    assert kinetic.boundary == ("a_e", "b_e")
    assert kinetic.dynamic == ("a_c", "nadh_c", "h_c", "b_c", "nad_c")
    # carriers: nad with nadh, and charge with protons
    assert len(kinetic.moieties) == 2
    assert (np.log(reference.displacements) * reference.fluxes < 0).all()
    assert (reference.displacements < np.exp(-0.1 / RT) + 1e-12).all()
    check_state(kinetic, reference, "tiny")


def test_no_moiety_no_model():
    model = tiny(
        {
            "EX_a_e": ("a_e =", -10, 0),
            "EX_b_e": ("b_e =", 0, 1000),
            "At": ("a_e = a_c", 0, 1000),
            "AB": ("a_c = b_c", 0, 1000),
            "Bt": ("b_c = b_e", 0, 1000),
        },
        "EX_b_e",
    )
    with pytest.raises(InputError, match="conserves no moiety"):
        kinetic_model_from_cobra(model, flux_state(model))
    straight = KineticReaction("AB", Mechanism.REVERSIBLE, (("a", 1.0),), (("b", 1.0),))
    require_moieties(KineticModel("m", (straight,), ("a", "b"), ()), "x")
    with pytest.raises(InputError, match="keep both forms"):
        require_moieties(KineticModel("m", (straight,), ("a",), ("b",)), "x")


def test_a_users_flux_table(tmp_path):
    model = shuttle()
    table = tmp_path / "fluxes.csv"
    good = "reaction,flux\nEX_a_e,-3\nEX_b_e,3\nAt,3.001\n1CONV,3\nBACK,3\nBt,3\n"
    table.write_text(good)
    state = read_flux_state(table, model)  # rounded figures are balanced
    assert state.fluxes["At"] == pytest.approx(-state.fluxes["EX_a_e"], rel=1e-12)
    kinetic, _ = kinetic_model_from_cobra(model, table)
    assert len(kinetic.reactions) == 4
    table.write_text(good.replace("1CONV,3", "1CONV,4"))
    with pytest.raises(InputError, match=r"species \w+: the fluxes do not balance.*species more"):
        kinetic_model_from_cobra(model, table)
    table.write_text(good.replace("At", "AXt"))
    with pytest.raises(InputError, match="no such reaction: AXt"):
        read_flux_state(table, model)
    table.write_text("reaction,rate\nAt,1\n")
    with pytest.raises(InputError, match="lacks the column flux"):
        read_flux_state(table, model)
    table.write_text("reaction,flux\nAt,\n")
    with pytest.raises(InputError, match="no reaction carries flux"):
        read_flux_state(table, model)


def test_protons_that_do_not_balance_are_buffered(caplog):
    model = shuttle(BACK=("nad_c = nadh_c", 0, 1000))
    fluxes = {"EX_a_e": -1, "EX_b_e": 1, "At": 1, "1CONV": 1, "BACK": 1, "Bt": 1}
    state = flux_state_of(fluxes, model, "mine")
    assert state.buffered == {"h_c"} and "h_c" in caplog.text
    kinetic, _ = kinetic_model_from_cobra(model, state)
    assert "h_c" in kinetic.boundary


def test_a_users_loop_is_named():
    around = {"C1": ("b_c = c_c", -1000, 1000), "C2": ("c_c = b_c", -1000, 1000)}
    model = shuttle(**around)
    fluxes = {"EX_a_e": -1, "EX_b_e": 1, "At": 1, "1CONV": 1, "BACK": 1, "Bt": 1}
    with pytest.raises(InputError, match=r"\(C1 forward, C2 forward\)"):
        kinetic_model_from_cobra(model, {**fluxes, "C1": 5, "C2": 5})


def test_forced_directions_leave_loops_where_there_is_another_way():
    # C1 forward is cheapest with C2 forward, a loop; the way out over c is dearer
    more = {
        "C1": ("b_c = c_c", -1000, 1000),
        "C2": ("c_c = b_c", -1000, 1000),
        "Ct": ("c_c = d_c", 0, 1000),
        "Dt": ("d_c = b_e", 0, 1000),
    }
    state = flux_state(shuttle(**more), {"C1": 1, "Bt": 1})
    assert state.fluxes["Dt"] == pytest.approx(0.1) and "C2" not in state.fluxes
    del more["Dt"]
    with pytest.raises(InputError, match=r"without a loop.*\(C1, C2\)"):
        flux_state(shuttle(**more), {"C1": 1})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"directions": {"NOPE": 1}}, "no such reaction"),
        ({"directions": {"BACK": -1}}, "bounds are 0 to 1000"),
        ({"directions": {"BACK": 2}}, "its direction is 2"),
        ({"directions": {"Bt": -1}}, r"these cannot: Bt"),
        ({"bounds": {"EX_a_e": [1, 5]}}, "no steady state within its bounds"),
    ],
)
def test_bad_wishes_are_told(settings, message):
    with pytest.raises(InputError, match=message):
        flux_state(shuttle(), **settings)


def test_four_physiologies_share_their_reactions_and_differ_in_signs():
    built = {name: physiology(name) for name in PHYSIOLOGIES}
    models = [model for _, model, _ in built.values()]
    assert all(model.reactions == models[0].reactions for model in models)
    assert all(model.species == models[0].species for model in models)
    assert (len(models[0].reactions), len(models[0].dynamic), len(models[0].terms)) == (44, 45, 171)
    assert len(models[0].moieties) == 5
    names = [reaction.name for reaction in models[0].reactions]
    signs = np.sign([reference.fluxes for _, _, reference in built.values()])
    table = pd.DataFrame(signs, columns=names)
    flipped = table.columns[(table != table.iloc[0]).any()].tolist()
    assert flipped == ["ACKr", "ACt2r", "PTAr", "RPE", "TALA", "TKT1", "TKT2"]
    assert table["TALA"].tolist() == [1, -1, 1, -1]
    assert table["PTAr"].tolist() == [1, 1, -1, -1]
    assert not any(reaction.name.startswith("EX_") for reaction in models[0].reactions)
    assert "H2Ot" not in names


@pytest.mark.parametrize("name", PHYSIOLOGIES)
def test_every_physiology_has_relevant_slow_and_unstable_sets(name):
    _, model, reference = physiology(name)
    sigma = np.random.default_rng(0).random((500, len(model.terms)))
    eigenvalues = Labeller(model, reference, kernel="numpy").largest_eigenvalues(sigma)
    assert 0.2 < (eigenvalues < -9).mean() < 0.8
    assert (eigenvalues >= 0).mean() > 0.1


@pytest.mark.parametrize("name", ["core_1", "core_4"])
def test_jacobians_are_those_of_the_rates(name):
    _, model, reference = physiology(name)
    sigma = np.random.default_rng(1).uniform(0.05, 0.95, (2, len(model.terms)))
    exact = jacobian_map(model, reference).jacobians(sigma)
    size = len(model.dynamic)
    rates = reaction_rates(model, reference, sigma, reference.concentrations)
    assert rates == pytest.approx(np.tile(reference.fluxes, (2, 1)))
    net = model.stoichiometry[model.independent]
    for place in range(exact.shape[1]):
        # small against the smallest pool that moves
        moved = model.link[:, place] != 0
        step = 1e-5 * reference.concentrations[:size][moved].min()
        shift = np.zeros(len(model.species))
        shift[:size] = step * model.link[:, place]
        ahead = reaction_rates(model, reference, sigma, reference.concentrations + shift)
        behind = reaction_rates(model, reference, sigma, reference.concentrations - shift)
        slope = (ahead - behind) @ net.T / (2 * step)
        scale = np.abs(exact).max(axis=(1, 2))[:, None] * 1e-9 + np.abs(exact[:, :, place]).max()
        assert (np.abs(slope - exact[:, :, place]) / scale).max() < 1e-4


def test_the_same_seed_gives_the_same_state():
    state, model, reference = physiology("core_2")
    again = kinetic_model_from_cobra(core(), flux_state(core(), **PHYSIOLOGIES["core_2"]))[1]
    assert np.array_equal(reference.fluxes, again.fluxes)
    assert np.array_equal(reference.concentrations, again.concentrations)
    assert np.array_equal(reference.displacements, again.displacements)
    other = kinetic_model_from_cobra(core(), state, ReferenceOptions(seed=2))[1]
    assert not np.array_equal(reference.displacements, other.displacements)
    assert set(model.boundary) == {
        "ac_e", "co2_e", "glc__D_e", "h_e", "nh4_e", "o2_e", "pi_e"
    }  # fmt: skip


def test_a_users_energies_and_concentrations(tmp_path):
    state, model, reference = physiology("core_1")
    network = active_network(core(), state)
    energies, levels = tmp_path / "energies.tsv", tmp_path / "levels.tsv"
    reversible = [reaction.reversible for reaction in model.reactions]
    table = pd.DataFrame(
        {"reaction": network.reactions, "dG": RT * np.log(reference.displacements + 1e-300)}
    )
    table[reversible].to_csv(energies, sep="\t", index=False)
    pd.DataFrame(
        {
            "species": [name.removeprefix("_") for name in model.species],
            "concentration": reference.concentrations / 1e6,
        }
    ).to_csv(levels, sep="\t", index=False)
    options = ReferenceOptions(seed=9, energies=str(energies), concentrations=str(levels))
    _, read = kinetic_model_from_cobra(core(), state, options)
    assert read.concentrations == pytest.approx(reference.concentrations)
    assert read.displacements[reversible] == pytest.approx(reference.displacements[reversible])
    # the same by equilibrium constants, in M
    constants = reference.ln_equilibrium_constants(model)
    orders = model.stoichiometry.sum(axis=0)
    table = pd.DataFrame(
        {"reaction": network.reactions, "K_eq": np.exp(constants - orders * np.log(1e6))}
    )
    table[reversible].to_csv(energies, sep="\t", index=False)
    _, read = kinetic_model_from_cobra(core(), state, options)
    assert read.displacements[reversible] == pytest.approx(reference.displacements[reversible])
    table["dG"] = 1.0
    table[["reaction", "dG"]].to_csv(energies, sep="\t", index=False)
    with pytest.raises(InputError, match="runs against its dG"):
        kinetic_model_from_cobra(core(), state, options)


def test_cobra_models_and_their_solutions_are_taken():
    import cobra

    model = cobra.io.load_model("textbook")
    solution = cobra.flux_analysis.pfba(model)
    kinetic, reference = kinetic_model_from_cobra(model, solution.fluxes)
    own, _ = kinetic_model_from_cobra(core(), dict(solution.fluxes))
    assert kinetic.reactions == own.reactions
    assert read_model(model).objective == "Biomass_Ecoli_core"
    assert "Biomass_Ecoli_core" in [
        reaction.name for reaction in kinetic.reactions if not reaction.reversible
    ]
    check_state(kinetic, reference, "pfba")


@needs_mirror
def test_mechanisms_agree_with_those_of_the_papers_model():
    theirs = yaml.safe_load((MIRROR / "derived" / "kin_varma_rekindle.yml").read_text())
    ours = {reaction.name: reaction for reaction in physiology("core_1")[1].reactions}
    same = {
        name: item["mechanism"]["class"] == ours[name].mechanism.value
        for name, item in theirs["reactions"].items()
        if name in ours
    }
    assert {name for name, agrees in same.items() if not agrees} == {"GLCpts"} & same.keys()
    assert len(same) >= 25


def test_a_genome_scale_model_is_taken_as_it_is():
    data = resources.files("cobra") / "data" / "iJO1366.xml.gz"
    model = read_model(str(data))
    state = flux_state(model)
    kinetic, reference = kinetic_model_from_cobra(model, state)
    assert len(kinetic.reactions) > 380 and len(kinetic.moieties) > 5
    lumped = [r.name for r in kinetic.reactions if not r.reversible]
    assert {"BIOMASS_Ec_iJO1366_core_53p95M", "ATPM"} <= {*lumped} and len(lumped) < 12
    assert set(kinetic.compartments.values()) == {"c", "p", "e"}
    check_state(kinetic, reference, "iJO1366")
