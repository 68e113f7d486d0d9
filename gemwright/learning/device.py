"""The device that networks run on, chosen at run time and told in the log."""

import logging
import os

import torch

from gemwright.errors import InputError

logger = logging.getLogger(__name__)


def arithmetic(name: str) -> str:
    """Name what sums depend on besides their input, in the last digits: for the keys of caches.

    Parameters
    ----------
    name : str
        As for `choose_device`.

    Returns
    -------
    str
        Kind of the device, and version of torch: ``cpu-torch2.9.1``.
    """
    return f"{_kind(name)}-torch{torch.__version__}"


def _kind(name: str) -> str:
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name.partition(":")[0]


def choose_device(name: str) -> torch.device:
    """Return the device of a name, and say in the log which one it is.

    Parameters
    ----------
    name : str
        ``auto`` (a GPU if there is one), ``cpu``, ``cuda``, ``cuda:1`` ...

    Raises
    ------
    InputError
        If a GPU is asked for that is not there, or the name is unknown.
    """
    try:
        device = torch.device(_kind(name) if name == "auto" else name)
    except RuntimeError as error:
        raise InputError("device", f"{name!r} is unknown", "use auto, cpu or cuda") from error
    if device.type == "cuda":
        if not torch.cuda.is_available():
            raise InputError("device", "there is no CUDA GPU", "use auto or cpu")
        if device.index is not None and device.index >= torch.cuda.device_count():
            raise InputError(
                "device",
                f"{name!r}: {torch.cuda.device_count()} GPUs can be seen, counted from 0"
                f" (CUDA_VISIBLE_DEVICES: {_visible()})",
                "use auto or cuda",
            )
        logger.info("device: %s, %s", device, torch.cuda.get_device_name(device))
    elif name == "auto":
        logger.info("device: cpu, for no GPU was found (CUDA_VISIBLE_DEVICES: %s)", _visible())
    return device


def _visible() -> str:
    return os.environ.get("CUDA_VISIBLE_DEVICES", "not set")
