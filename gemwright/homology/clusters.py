"""Greedy sequence clusters by CD-HIT, run hierarchically."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.homology.programs import find_program, run_program
from gemwright.io.fasta import write_fasta

MIN_IDENTITY = 0.4
# CD-HIT's manual: word size 5 for thresholds from 0.7, 4 from 0.6, 3 from 0.5, 2 from 0.4
_WORD_SIZES = ((0.7, 5), (0.6, 4), (0.5, 3), (MIN_IDENTITY, 2))
_MEMBER = re.compile(r"^\d+\t\d+aa, >(.+)\.\.\. (\*|at .+)$")


@dataclass(frozen=True)
class CdHitOptions:
    """How sequences are clustered by CD-HIT.

    Attributes
    ----------
    identity : float
        Identity threshold of the final clusters, 0.4 to 1.
    steps : tuple of float
        Thresholds of the levels above `identity`; each level clusters the representatives of
        the level before, as CD-HIT's manual advises for low thresholds.
    coverage : float
        Least share of the shorter sequence that must be aligned (CD-HIT's ``-aS``).
    threads : int
        Threads for CD-HIT.
    memory_mb : int
        CD-HIT's memory limit in MB; 0 for none.
    """

    identity: float = 0.4
    steps: tuple[float, ...] = (0.9, 0.7)
    coverage: float = 0.0
    threads: int = 1
    memory_mb: int = 0


def word_size(identity: float) -> int:
    """CD-HIT's word size for an identity threshold.

    Raises
    ------
    InputError
        If the threshold is not between 0.4 and 1: CD-HIT cannot go lower.
    """
    if not MIN_IDENTITY <= identity <= 1:
        raise InputError(
            "CD-HIT identity",
            f"{identity} is outside {MIN_IDENTITY} to 1",
            "use connected components for lower thresholds",
        )
    return next(size for least, size in _WORD_SIZES if identity >= least)


def cluster_cdhit(
    sequences: Mapping[str, str], options: CdHitOptions | None = None
) -> pd.DataFrame:
    """Cluster sequences by CD-HIT, level by level down to the wanted identity.

    The clusters are greedy: members of different clusters can be more alike than the threshold,
    so a split by them does not satisfy equation (1) of the paper; `gemwright.emi.leakage.leakage`
    measures by how much, and `gemwright.homology.components` gives clusters that do.

    Parameters
    ----------
    sequences : mapping of str to str
        Enzyme to amino-acid sequence; the order does not matter.
    options : CdHitOptions, optional
        Thresholds and resources.

    Returns
    -------
    pandas.DataFrame
        enzyme, cluster (the representative enzyme of its cluster), sorted by enzyme.

    Raises
    ------
    InputError
        If a threshold is out of range or CD-HIT is not installed.
    RuntimeError
        If CD-HIT fails.
    """
    options = options or CdHitOptions()
    steps = cluster_cdhit_levels(sequences, (*options.steps, options.identity), options)
    last = steps[steps["identity"] == options.identity]
    return last[["enzyme", "cluster"]].reset_index(drop=True)


def cluster_cdhit_levels(
    sequences: Mapping[str, str],
    identities: Sequence[float],
    options: CdHitOptions | None = None,
) -> pd.DataFrame:
    """Cluster sequences by CD-HIT at several identities in one descent.

    Parameters
    ----------
    sequences : mapping of str to str
        Enzyme to amino-acid sequence; the order does not matter.
    identities : sequence of float
        Thresholds, 0.4 to 1; those below `options.identity` are left out. Each level clusters
        the representatives of the level above.
    options : CdHitOptions, optional
        Least threshold and resources; its `steps` are not asked.

    Returns
    -------
    pandas.DataFrame
        identity, enzyme, cluster; falling identity, then sorted by enzyme.

    Raises
    ------
    InputError
        If a threshold is out of range or CD-HIT is not installed.
    RuntimeError
        If CD-HIT fails.
    """
    options = options or CdHitOptions()
    levels = sorted({level for level in identities if level >= options.identity}, reverse=True)
    sizes = [word_size(level) for level in levels]
    program = find_program("cd-hit")
    tables = []
    ordered = dict(sorted(sequences.items()))
    cluster = pd.Series(list(ordered), index=list(ordered), dtype=object)
    with tempfile.TemporaryDirectory(prefix="gemwright-cdhit-") as folder:
        source = Path(folder, "input.faa")
        write_fasta(ordered, source)
        for level, size in zip(levels, sizes, strict=True):
            target = Path(folder, f"level-{level}")
            arguments = {
                "-i": source,
                "-o": target,
                "-c": level,
                "-n": size,
                "-aS": options.coverage,
                "-T": options.threads,
                "-M": options.memory_mb,
                # whole names in the .clstr file
                "-d": 0,
                # the shortest sequence kept; by default CD-HIT drops those under 11 residues
                "-l": max(size, 4),
            }
            words = [str(word) for pair in arguments.items() for word in pair]
            run_program([program, *words], f"cd-hit at {level}")
            with open(f"{target}.clstr", encoding="utf-8") as handle:
                representative = parse_clstr(handle)
            # what CD-HIT dropped as too short stays a cluster of its own
            cluster = pd.Series(
                [representative.get(name, name) for name in cluster], index=cluster.index
            )
            source = target
            columns = {"identity": level, "enzyme": cluster.index, "cluster": cluster.to_numpy()}
            tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def parse_clstr(lines: Iterable[str]) -> dict[str, str]:
    """Read CD-HIT's ``.clstr`` format.

    Parameters
    ----------
    lines : iterable of str
        Lines such as ``>Cluster 0`` and ``0<TAB>297aa, >name... *``; the representative is
        starred.

    Returns
    -------
    dict of str to str
        Every member to the representative of its cluster.

    Raises
    ------
    ValueError
        If a line is in neither form, or a cluster has not exactly one representative.
    """
    result: dict[str, str] = {}
    members: list[str] = []
    starred: list[str] = []

    def close() -> None:
        if not members:
            return
        if len(starred) != 1:
            raise ValueError(f"cluster of {members[0]} has {len(starred)} representatives")
        result.update(dict.fromkeys(members, starred[0]))
        members.clear()
        starred.clear()

    for line in lines:
        text = line.rstrip("\n")
        if text.startswith(">Cluster"):
            close()
            continue
        match = _MEMBER.match(text)
        if match is None:
            raise ValueError(f"no line of CD-HIT's cluster format: {text!r}")
        members.append(match.group(1))
        if match.group(2) == "*":
            starred.append(match.group(1))
    close()
    return result
