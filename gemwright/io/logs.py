"""Logging of one job: everything into its log file, user errors as one message."""

import logging
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CDLL
from pathlib import Path

from gemwright.errors import InputError

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed; elsewhere do nothing.

    A killed run must not leave jobs behind that go on writing while the next run starts.
    """
    if sys.platform == "linux":
        CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def logged(log: str | Path) -> Iterator[logging.Logger]:
    """Run a job with its messages in `log`, and progress on the terminal.

    An `InputError` is written to the terminal as one message without a traceback, and ends the
    process with exit code 1; any other exception leaves its traceback in the log as well.

    Parameters
    ----------
    log : str or Path
        The job's log file.

    Yields
    ------
    logging.Logger
        The logger ``gemwright``.
    """
    die_with_parent()
    # a terminated job must run its clean-up, so that nothing half-written stays
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(log, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    logger = logging.getLogger("gemwright")
    try:
        yield logger
    except InputError as error:
        logger.error("%s", error)
        print(f"\ngemwright: {error}\n", file=sys.stderr, flush=True)
        raise SystemExit(1) from None
    except Exception:
        logger.error("%s", traceback.format_exc())
        raise
    finally:
        root.removeHandler(handler)
        handler.close()
