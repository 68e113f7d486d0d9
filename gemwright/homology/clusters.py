"""Greedy sequence clusters by CD-HIT, run hierarchically."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.homology.programs import failure, find_program, run_program, working_folder
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
        If a threshold is out of range, CD-HIT is not installed or fails, or a sequence is missing
        in what it wrote: then its disk was full.
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
        If a threshold is out of range, CD-HIT is not installed or fails, or a sequence is missing
        in what it wrote: then its disk was full.
    """
    options = options or CdHitOptions()
    levels = sorted({level for level in identities if level >= options.identity}, reverse=True)
    sizes = [word_size(level) for level in levels]
    program = find_program("cd-hit")
    names = sorted(sequences)
    # under names of ours: CD-HIT cuts names at spaces, and what it writes is not to be misread
    kept = {f"s{number}": sequences[name] for number, name in enumerate(names)}
    owner = dict(zip(kept, names, strict=True))
    cluster = list(kept)
    tables = []
    with working_folder("cd-hit") as folder:
        source = folder / "input.faa"
        write_fasta(kept, source)
        for level, size in zip(levels, sizes, strict=True):
            target = folder / f"level-{level}"
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
                # it drops sequences of this length and below; by default those under 11 residues
                "-l": max(size, 4),
            }
            words = [str(word) for pair in arguments.items() for word in pair]
            what = f"cd-hit at {level}"
            run_program([program, *words], what, folder)
            long_enough = {name: text for name, text in kept.items() if len(text) > max(size, 4)}
            representative = _read_clusters(target, long_enough, what)
            # what CD-HIT dropped as too short stays a cluster of its own
            cluster = [representative.get(name, name) for name in cluster]
            kept = {name: long_enough[name] for name in dict.fromkeys(representative.values())}
            source = target
            columns = {
                "identity": level,
                "enzyme": names,
                "cluster": [owner[name] for name in cluster],
            }
            tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _read_clusters(target: Path, given: Mapping[str, str], what: str) -> dict[str, str]:
    """Read what CD-HIT wrote, and make sure that all that it was given came out of it.

    On a full disk it ends well, with an empty or a cut file.

    Parameters
    ----------
    target : Path
        Its output: FASTA of the representatives; members are in ``<target>.clstr``.
    given : mapping of str to str
        Identifier to sequence.
    what : str
        For messages.

    Returns
    -------
    dict of str to str
        Every identifier to the representative of its cluster.

    Raises
    ------
    InputError
        If a sequence is missing, or is another one.
    """
    try:
        with open(f"{target}.clstr", encoding="utf-8") as handle:
            found = parse_clstr(handle)
        representatives = _read_representatives(target)
    except (OSError, ValueError) as error:
        raise failure(what, f"wrote no whole file ({error})", target.parent) from error
    lost = given.keys() - found.keys()
    if lost or found.keys() - given.keys():
        problem = f"lost {len(lost):,} of {len(given):,} sequences"
        raise failure(what, problem, target.parent)
    if representatives != {name: given[name] for name in set(found.values())}:
        raise failure(what, "wrote other representatives than it chose", target.parent)
    return found


def _read_representatives(path: Path) -> dict[str, str]:
    """Read the FASTA file of CD-HIT's representatives."""
    records = path.read_text(encoding="utf-8").split(">")[1:]
    split = [record.partition("\n") for record in records]
    return {name.strip(): "".join(text.split()) for name, _, text in split}


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
        If a line is in neither form, a cluster has not exactly one representative, or a member
        comes twice.
    """
    result: dict[str, str] = {}
    members: list[str] = []
    starred: list[str] = []

    def close() -> None:
        if not members:
            return
        if len(starred) != 1:
            raise ValueError(f"cluster of {members[0]} has {len(starred)} representatives")
        if len(set(members)) < len(members) or not result.keys().isdisjoint(members):
            raise ValueError(f"a member of the cluster of {starred[0]} comes twice")
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
