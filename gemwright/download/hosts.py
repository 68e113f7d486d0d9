"""Politeness: how often, and how many at a time, requests go to a host."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from gemwright.io.locks import exclusive

LONGEST_WAIT = 600.0


@dataclass(frozen=True)
class HostPolicy:
    """How a host wants to be asked.

    Attributes
    ----------
    interval : float
        Least seconds from the start of one request to the start of the next.
    leads_to : tuple of str
        Domains, with all hosts below them, to which it may redirect; a host without any leads to
        nobody but itself.
    """

    interval: float
    leads_to: tuple[str, ...] = ()


# KEGG asks for at most three requests a second; the others publish no number. The domains are those
# of whoever keeps the database, as far as nobody else can have a host in them (github.io is none).
_POLICIES = {
    "rest.kegg.jp": HostPolicy(0.35, ("kegg.jp", "genome.jp")),
    "rest.uniprot.org": HostPolicy(0.2, ("uniprot.org",)),
    "bigg.ucsd.edu": HostPolicy(0.5, ("ucsd.edu",)),
    "ftp.expasy.org": HostPolicy(0.2, ("expasy.org", "sib.swiss")),
    "ftp.ebi.ac.uk": HostPolicy(0.2, ("ebi.ac.uk",)),
    "www.metanetx.org": HostPolicy(0.5, ("metanetx.org", "vital-it.ch", "sib.swiss")),
    "raw.githubusercontent.com": HostPolicy(0.1, ("githubusercontent.com", "github.com")),
}
DEFAULT = HostPolicy(0.1)


class HostGate:
    """Lets one request at a time through to each host, at the host's pace.

    The pace holds across all processes that share a downloads folder: the lock file of a host
    holds the time before which the next request may not start.

    Parameters
    ----------
    folder : Path
        The downloads folder; lock files lie in its ``.hosts``.
    free : set of str
        Hosts without a limit: a mirror of one's own. This machine is always free.
    policies : dict of str to HostPolicy
        By host name; `DEFAULT` for the others.
    clock, sleep : callable
        Seconds since the epoch, and how to wait.
    """

    def __init__(
        self,
        folder: Path,
        free: frozenset[str] = frozenset(),
        policies: dict[str, HostPolicy] | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.folder = folder / ".hosts"
        self.free = free
        self.policies = _POLICIES if policies is None else policies
        self.clock, self.sleep = clock, sleep

    def policy(self, address: str) -> HostPolicy | None:
        """Policy for the host of an address; ``None`` if it has no limit."""
        host = urlsplit(address).hostname or ""
        if host in self.policies:
            return self.policies[host]
        return None if host in self.free or _is_this_machine(host) else DEFAULT

    def leads_to(self, address: str) -> tuple[str, ...]:
        """Domains to which the host of an address may redirect; its own is always among them."""
        policy = self.policy(address)
        return () if policy is None else policy.leads_to

    @contextmanager
    def turn(self, address: str) -> Iterator[None]:
        """Wait for the turn of a request to `address`, and keep others out while it runs."""
        policy = self.policy(address)
        if policy is None:
            yield
            return
        with exclusive(self._lock_file(address)) as handle:
            wait = self._not_before(handle.read()) - self.clock()
            # a time further ahead was written before the clock was set back
            if 0 < wait <= LONGEST_WAIT + policy.interval:
                self.sleep(wait)
            _rewrite(handle, self.clock() + policy.interval)
            yield

    def defer(self, address: str, seconds: float) -> None:
        """Let no process ask the host of `address` in the next `seconds`, as it demanded."""
        if self.policy(address) is not None:
            with exclusive(self._lock_file(address)) as handle:
                until = self.clock() + min(seconds, LONGEST_WAIT)
                _rewrite(handle, max(until, self._not_before(handle.read())))

    def _lock_file(self, address: str) -> Path:
        return self.folder / f"{urlsplit(address).hostname}.lock"

    @staticmethod
    def _not_before(text: str) -> float:
        try:
            return float(text)
        except ValueError:  # new, or its writer was killed
            return 0.0


def _rewrite(handle: IO[str], moment: float) -> None:
    handle.seek(0)
    handle.truncate()
    handle.write(f"{moment:.6f}")
    handle.flush()


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
