"""Metabolites that take part in so many reactions that they say nothing about any one."""

CURRENCY_GROUPS = {
    "protons, water, gases and inorganic ions": (
        "h h2o o2 co2 hco3 h2o2 nh4 nh3 pi ppi pppi so4 so3 h2s na1 k cl mg2 ca2 fe2 fe3 zn2 mn2"
        " cu2 cobalt2 ni2 mobd"
    ),
    "ribonucleotides that carry phosphate": "atp adp amp gtp gdp gmp utp udp ump ctp cdp cmp",
    "electron carriers": (
        "nad nadh nadp nadph fad fadh2 fmn fmnh2 fdxrd fdxox fdxo_42 fdxr_42 fdxo_2_2 flxso flxr"
        " trdrd trdox grxrd grxox q8 q8h2 mqn8 mql8 2dmmq8 2dmmql8 q6 q6h2 ficytc focytc ficytC"
        " focytC"
    ),
    "group carriers": "coa accoa ACP",
}
CURRENCY_METABOLITES = frozenset(" ".join(CURRENCY_GROUPS.values()).split())
"""Metabolites that take part in reactions of every kind and name no substrate specificity.

They are kept out of the headline data set: with them a predictor that knows nothing but each
metabolite's frequency looks far better (AUROC .884 against .786, design notes).
"""
