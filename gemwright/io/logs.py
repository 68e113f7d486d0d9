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
from gemwright.io.files import unwritable

_PR_SET_PDEATHSIG = 1
_TERMINATED = 128 + signal.SIGTERM


def _die_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed; elsewhere do nothing.

    A killed run must not leave jobs behind that go on writing while the next run starts.
    """
    if sys.platform == "linux":
        CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _terminate(*_: object) -> None:
    """End the process by its clean-up, so that nothing half-written stays."""
    # Linux tells of the parent's end once for each of its threads, and that must not end the
    # clean-up as well
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(_TERMINATED)


class _LogFile(logging.FileHandler):
    """A log file that is silent when its disk is full: the job tells that itself."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        error = sys.exc_info()[1]
        if error is None or unwritable(error, self.baseFilename) is None:
            super().handleError(record)

    def close(self) -> None:
        try:
            super().close()  # tries again to write what it could not
        except OSError as error:
            if unwritable(error, self.baseFilename) is None:
                raise


@contextmanager
def logged(log: str | Path) -> Iterator[logging.Logger]:
    """Run a job with its messages in `log`, and progress on the terminal.

    An `InputError`, a full disk and a place that may not be written to are written to the terminal
    as one message without a traceback, and end the process with exit code 1; so does Ctrl-C with
    exit code 130. Any other exception leaves its traceback in the log as well.

    Parameters
    ----------
    log : str or Path
        The job's log file.

    Yields
    ------
    logging.Logger
        The logger ``gemwright``.
    """
    _die_with_parent()
    before = signal.signal(signal.SIGTERM, _terminate)
    logger, root = logging.getLogger("gemwright"), logging.getLogger()
    handler: logging.Handler = logging.NullHandler()
    try:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(log, mode="w", encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        logging.captureWarnings(True)
        yield logger
    except SystemExit as error:
        if error.code == _TERMINATED:
            logger.error("terminated, by whoever runs the job: its time or memory may be up")
        raise
    except KeyboardInterrupt:
        logger.error("interrupted")
        raise SystemExit(130) from None
    except Exception as error:
        told = error if isinstance(error, InputError) else unwritable(error)
        if told is None:
            logger.error("%s", traceback.format_exc())
            raise
        logger.error("%s", told)
        print(f"\ngemwright: {told}\n", file=sys.stderr, flush=True)
        raise SystemExit(1) from None
    finally:
        root.removeHandler(handler)
        handler.close()
        signal.signal(signal.SIGTERM, before)
