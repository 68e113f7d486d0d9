"""A model that is to be judged, and what is known of its organism besides."""

from collections.abc import Mapping
from pathlib import Path

from gemwright.gem.evidence_knockout import Evidence
from gemwright.gem.load import read_model
from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import read_parquet
from gemwright.validation.essentiality import evidence_of
from gemwright.validation.peer import peer_model
from gemwright.validation.phosphatase import released_compounds


def read_judged(
    peer: str, files: Mapping[str, str | Path]
) -> tuple[MetabolicModel, set[str], Evidence | None]:
    """Read a model of ours with its evidence, or the peer's shipped one, which comes with none.

    Parameters
    ----------
    peer : str
        The organism's name in the peer's package; not looked at if there is a model's file.
    files : mapping of str to str or Path
        ``model``, and with it ``provenance``, ``homologues`` of the proteome, ``proteins`` and
        ``stoichiometry`` of BiGG; empty for the peer.

    Returns
    -------
    model : MetabolicModel
        The model.
    released : set of str
        See `gemwright.validation.phosphatase.released_compounds`.
    evidence : Evidence or None
        See `gemwright.validation.essentiality.evidence_of`.
    """
    if not files.get("model"):
        return peer_model(peer), set(), None
    model = read_model(files["model"])
    tables = [read_parquet(files[name]) for name in ("homologues", "proteins", "stoichiometry")]
    evidence = evidence_of(model, read_parquet(files["provenance"]))
    return model, released_compounds(*tables), evidence
