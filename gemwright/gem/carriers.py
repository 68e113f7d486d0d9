"""What carries energy in a cell, how each gives it up, and what a network may take in for nothing.

The carriers are those of Fritzemeier et al. (2017, doi:10.1371/journal.pcbi.1005494), with the
quinones, small redox proteins, hydrogen and the motive forces besides. A reduced carrier gives up
its electrons to nothing: a network that reduces it from oxidised compounds makes them of nothing.
"""

_EQUATIONS = {
    "ATP": "atp_c + h2o_c -> adp_c + pi_c + h_c",
    "CTP": "ctp_c + h2o_c -> cdp_c + pi_c + h_c",
    "GTP": "gtp_c + h2o_c -> gdp_c + pi_c + h_c",
    "UTP": "utp_c + h2o_c -> udp_c + pi_c + h_c",
    "ITP": "itp_c + h2o_c -> idp_c + pi_c + h_c",
    "NADH": "nadh_c -> nad_c + h_c",
    "NADPH": "nadph_c -> nadp_c + h_c",
    "FADH2": "fadh2_c -> fad_c + 2 h_c",
    "FMNH2": "fmnh2_c -> fmn_c + 2 h_c",
    "ubiquinol 8": "q8h2_c -> q8_c + 2 h_c",
    "menaquinol 8": "mql8_c -> mqn8_c + 2 h_c",
    "menaquinol 7": "mql7_c -> mqn7_c + 2 h_c",
    "demethylmenaquinol 8": "2dmmql8_c -> 2dmmq8_c + 2 h_c",
    "acetyl-CoA": "accoa_c + h2o_c -> ac_c + coa_c + h_c",
    "glutamate": "glu__L_c + h2o_c -> akg_c + nh4_c + 2 h_c",
    "pyrophosphate": "ppi_c + h2o_c -> 2 pi_c + h_c",
    "reduced ferredoxin": "fdxrd_c -> fdxox_c",
    "reduced thioredoxin": "trdrd_c -> trdox_c + 2 h_c",
    "reduced flavodoxin": "flxr_c -> flxso_c",
    "hydrogen": "h2_c -> 2 h_c",
    "protons in the periplasm": "h_p -> h_c",
    "protons outside": "h_e -> h_c",
    "sodium in the periplasm": "na1_p -> na1_c",
    "sodium outside": "na1_e -> na1_c",
}

_OXIDISED = ("h2o", "h", "o2", "no3", "so4", "pi", "co2", "fe3")

#: What may enter from outside (BiGG metabolites); everything may leave.
IMPORTS: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "water and protons": ("h2o", "h"),
    "oxidised inorganics": _OXIDISED,
    "all inorganics": (*_OXIDISED, "nh4", "fe2"),
}


def _coefficients(equation: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for side, sign in zip(equation.split(" -> "), (-1.0, 1.0), strict=True):
        for term in side.split(" + "):
            number, _, species = term.rpartition(" ")
            found[species] = sign * float(number or 1)
    return found


#: Carrier to species to coefficient of the reaction that dissipates its energy.
DISSIPATIONS = {name: _coefficients(equation) for name, equation in _EQUATIONS.items()}
