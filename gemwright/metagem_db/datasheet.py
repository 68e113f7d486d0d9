"""The datasheet of MetaGEM-DB: every route beside the paper's printed counts."""

from collections.abc import Mapping, Sequence

import pandas as pd

from gemwright.download.records import FETCHED, LIVE
from gemwright.metagem_db.pairs import EVIDENCE
from gemwright.sources.registry import read_registry

# one file stands for the release of its source
_VERSIONED = (
    "rhea_directions", "rhea_uniprot", "uniprot_enzymes", "chebi_structures", "metanetx_reac_xref",
)  # fmt: skip


def datasheet(
    pairs: Mapping[str, pd.DataFrame], printed: pd.DataFrame, versions: Mapping[str, str]
) -> pd.DataFrame:
    """Tabulate the size of every route beside the paper's.

    Parameters
    ----------
    pairs : mapping of str to pandas.DataFrame
        Route to its pairs.
    printed : pandas.DataFrame
        table, row, metric, value: what the paper prints (``metagem_db``).
    versions : mapping of str to str
        Route to where its data come from.

    Returns
    -------
    pandas.DataFrame
        quantity, paper, and a column for each route; strings, empty where nothing is known.
    """
    theirs = printed[printed["table"] == "metagem_db"].set_index("row")["value"]
    columns = {route: _counts(table) for route, table in pairs.items()}
    quantities = list(dict.fromkeys(name for counts in columns.values() for name in counts))
    sheet = pd.DataFrame({"quantity": quantities})
    sheet["paper"] = [theirs.get(name, "") for name in quantities]
    for route, counts in columns.items():
        sheet[route] = [str(counts.get(name, "")) for name in quantities]
    about = {"quantity": "data", "paper": "BiGG, Rhea, UniProt, ChEBI; releases not named"}
    return pd.concat([sheet, pd.DataFrame([{**about, **versions}])], ignore_index=True)


def data_versions(routes: Sequence[str], lock: pd.DataFrame | None) -> dict[str, str]:
    """Where the data of every route come from.

    Parameters
    ----------
    routes : sequence of str
        Names of routes.
    lock : pandas.DataFrame or None
        Lock table of what was fetched: dataset, item, origin, release, sha256, status.
    """
    embedded = read_registry()["bigg_gprs"].version
    if lock is None:
        return dict.fromkeys(routes, embedded)
    fetched = lock[lock["status"] == FETCHED]
    models = int((fetched["dataset"] == "bigg_model_json").sum())
    files = fetched[fetched["dataset"].isin(_VERSIONED)]
    told = "; ".join(
        f"{name} {release or 'sha256 ' + digest[:8]}"
        for name, release, digest in zip(
            files["dataset"], files["release"], files["sha256"], strict=True
        )
    )
    origin = "live" if (files["origin"] == LIVE).all() else "a mirror"
    told = f"{told}; {models} BiGG models; from {origin}"
    return {route: embedded if route == "embedded" else told for route in routes}


def _counts(pairs: pd.DataFrame) -> dict[str, int]:
    specific = ~pairs["currency"]
    counts = {"pairs": len(pairs)}
    counts |= {
        f"pairs, evidence {tier}": int((pairs["evidence"] == tier).sum()) for tier in EVIDENCE
    }
    counts |= {
        "pairs without currency metabolites": int(specific.sum()),
        "pairs without currency and R groups": int((specific & ~pairs["r_group"]).sum()),
    }
    if "transport" in pairs:
        counts |= {
            "pairs without currency and transport": int((specific & ~pairs["transport"]).sum())
        }
    counts |= {
        "pairs, irreversible substrate": int((pairs["side"] == "substrate").sum()),
        "enzymes (distinct sequences)": pairs["enzyme"].nunique(),
        "metabolites (distinct structures)": pairs["structure"].nunique(),
        "reactions": len(set(";".join(pairs["reactions"]).split(";"))),
    }
    return counts
