"""Requests over HTTP: one at a time to a host, repeated when that may help, told when not."""

import logging
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import requests
import urllib3

from gemwright.config.downloads import DownloadSettings
from gemwright.download.addresses import encode, without_credentials
from gemwright.download.headers import follow, http_date, tells_its_end, whole_number
from gemwright.download.hosts import LONGEST_WAIT, HostGate
from gemwright.errors import InputError
from gemwright.version import __version__

logger = logging.getLogger(__name__)

CHUNK = 1 << 16
# bytes gained since the last failure that make a failure count as the first again
_PROGRESS = 1 << 20
_MOST_REDIRECTS = 10
_LONGEST_BACKOFF = 60.0
_REPEATED = {408, 425, 429, 500, 502, 503, 504}
_GAVE_UP = "check the network and the host's status page, then run again: it goes on where it was"

Result = TypeVar("Result")


class TransientError(Exception):
    """A failure that may pass; `wait` is how long the host asked to wait, in seconds."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(what)


class RefusedError(InputError):
    """A reply that will not change; `status` is its HTTP status."""

    def __init__(self, where: str, status: int, reason: str) -> None:
        self.status = status
        cure = {
            403: "the host refuses: check its terms and limits, or use a mirror",
            404: "check the address, or use a mirror",
            410: "the host removed it: use a mirror",
        }.get(status, "check the address in a browser, or use a mirror")
        super().__init__(where, f"the host answers {status} {reason}".rstrip(), cure)

    @property
    def absent(self) -> bool:
        """Whether the host says that there is no such file."""
        return self.status in (404, 410)


class Client:
    """Makes requests, with proxies and certificates as the environment sets them.

    Parameters
    ----------
    gate : HostGate
        Keeps the pace of each host.
    retries : int
        How often a request is repeated after failures that may pass.
    connect_timeout, read_timeout : float
        Seconds without an answer, and without a byte, after which a connection counts as dead.
    first_wait : float
        Seconds before the first repetition; doubled each time, plus up to as much again by
        chance, at most a minute.
    stay : bool
        Refuse all redirects to other hosts: a mirror must not lead to a live host. Live hosts
        lead where `HostGate.leads_to` says; user and password are not sent along.
    sleep, clock, chance : callable
        How to wait, seconds since the epoch, and a random number from 0 to 1.
    """

    def __init__(
        self,
        gate: HostGate,
        retries: int = DownloadSettings.retries,
        connect_timeout: float = 20.0,
        read_timeout: float = DownloadSettings.timeout,
        first_wait: float = 1.0,
        stay: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.gate = gate
        self.retries = retries
        self.timeouts = (connect_timeout, read_timeout)
        self.first_wait = first_wait
        self.stay = stay
        self.sleep, self.clock, self.chance = sleep, clock, chance
        self.session = requests.Session()
        self.session.headers["User-Agent"] = f"gemwright/{__version__}"

    @contextmanager
    def reply(
        self, address: str, headers: Mapping[str, str] | None = None
    ) -> Iterator[requests.Response]:
        """Make one request and give its reply, body unread: status 200, 206, or 416 to a range.

        Other processes that ask the same host wait until the block ends.

        Parameters
        ----------
        address : str
            The address; its path is percent-encoded if it is not.
        headers : mapping of str to str, optional
            Headers of the request.

        Raises
        ------
        TransientError
            If the connection fails, also inside the block, or the host is overloaded.
        RefusedError
            If the host answers with another status.
        InputError
            If redirects never end or lead elsewhere than they may, or a certificate is wrong.
        """
        where = without_credentials(address)
        step = encode(address)
        domains = () if self.stay else self.gate.leads_to(step)
        for _ in range(_MOST_REDIRECTS + 1):
            with self.gate.turn(step), self._send(step, encode(address), headers or {}) as response:
                target = self.session.get_redirect_target(response)
                if target is None:
                    self._check_status(response, where, "Range" in (headers or {}))
                    yield response
                    return
            step = encode(follow(without_credentials(step), target, where, domains))
        raise InputError(
            where, f"is redirected more than {_MOST_REDIRECTS} times", "check the address"
        )

    @contextmanager
    def _send(
        self, step: str, first: str, headers: Mapping[str, str]
    ) -> Iterator[requests.Response]:
        try:
            try:
                response = self.session.get(
                    without_credentials(step),
                    headers=dict(headers),
                    auth=_credentials(first) if _same_host(step, first) else None,
                    stream=True,
                    allow_redirects=False,
                    timeout=self.timeouts,
                )
            except UnicodeError as error:  # of where it redirects to
                where = without_credentials(step)
                raise InputError(
                    where, f"is redirected to what is no address ({error})", "use a mirror"
                ) from error
            try:
                yield response
            finally:
                response.close()
        except requests.exceptions.SSLError as error:
            raise InputError(
                without_credentials(step),
                f"the certificate is not accepted ({error})",
                "set REQUESTS_CA_BUNDLE to the certificates of your network, or use a mirror",
            ) from error
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
            urllib3.exceptions.HTTPError,
        ) as error:
            raise TransientError(f"{type(error).__name__}: {error}") from error
        except requests.RequestException as error:
            raise InputError(
                without_credentials(step), f"cannot be asked for ({error})", "check the address"
            ) from error

    def _check_status(self, response: requests.Response, where: str, ranged: bool) -> None:
        status = response.status_code
        if status in (200, 206) or (status == 416 and ranged):
            return
        if status in _REPEATED:
            wait = self._retry_after(response)
            if wait is not None and wait > LONGEST_WAIT:
                raise InputError(
                    where,
                    f"the host answers {status} and asks to wait {wait:,.0f} seconds",
                    "run again after that time: it goes on where it was",
                )
            raise TransientError(f"the host answers {status} {response.reason}".rstrip(), wait)
        raise RefusedError(where, status, response.reason or "")

    def _retry_after(self, response: requests.Response) -> float | None:
        """Seconds to wait, of a header that holds seconds or a date; ``None`` without one."""
        text = response.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            seconds = whole_number(text)
            return math.inf if seconds is None else float(seconds)
        moment = http_date(text)
        return None if moment is None else max(0.0, moment - self.clock())

    def persist(
        self, address: str, attempt: Callable[[], Result], gained: Callable[[], int] | None = None
    ) -> Result:
        """Repeat an attempt while it fails in a way that may pass.

        Parameters
        ----------
        address : str
            What is asked, for messages and for the host that may demand a pause.
        attempt : callable
            Raises `TransientError` to be repeated.
        gained : callable, optional
            Bytes so far: after each MiB more, failures are counted from the start.

        Raises
        ------
        InputError
            After `retries` repetitions.
        """
        failures, most = 0, gained() if gained else 0
        while True:
            try:
                return attempt()
            except TransientError as error:
                now = gained() if gained else 0
                failures = 1 if now - most >= _PROGRESS else failures + 1
                most = max(most, now)
                where = without_credentials(address)
                if failures > self.retries:
                    raise InputError(
                        where, f"failed {failures} times, at last with: {error}", _GAVE_UP
                    ) from error
                wait = error.wait
                if wait is None:
                    backoff = self.first_wait * 2 ** (failures - 1) * (1 + self.chance())
                    wait = min(backoff, _LONGEST_BACKOFF)
                else:
                    self.gate.defer(encode(address), wait)
                logger.warning("%s: %s; again in %.1f s", where, error, wait)
            self.sleep(wait)

    def body(self, address: str) -> tuple[bytes, Mapping[str, str]]:
        """Whole body, decompressed, and headers of a small reply, with repetitions.

        Raises
        ------
        InputError
            As `reply` and `persist`.
        """

        def attempt() -> tuple[bytes, Mapping[str, str]]:
            with self.reply(address, {"Accept-Encoding": "gzip"}) as response:
                body = b"".join(response.raw.stream(CHUNK, decode_content=True))
                if not tells_its_end(response.headers) and not body.endswith(b"\n"):
                    raise TransientError("the reply told no length and ended inside a line")
                return body, response.headers

        return self.persist(address, attempt)


def _same_host(one: str, other: str) -> bool:
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.hostname, first.port) == (
        second.scheme, second.hostname, second.port,
    )  # fmt: skip


def _credentials(address: str) -> tuple[str, str] | None:
    parts = urlsplit(address)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")
