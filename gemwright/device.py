"""The device that networks run on, chosen at run time and told in the log."""

import logging
import os

import torch

from gemwright.errors import InputError

logger = logging.getLogger(__name__)


def device_kind(name: str) -> str:
    """Kind of the device that `choose_device` gives for a name: sums differ between kinds."""
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
        If a GPU is asked for and there is none, or the name is unknown.
    """
    try:
        device = torch.device(device_kind(name) if name == "auto" else name)
    except RuntimeError as error:
        raise InputError("device", f"{name!r} is unknown", "Use auto, cpu or cuda") from error
    if device.type == "cuda":
        if not torch.cuda.is_available():
            raise InputError("device", "there is no CUDA GPU", "Use auto or cpu")
        logger.info("device: %s, %s", device, torch.cuda.get_device_name(device))
    elif name == "auto":
        visible = os.environ.get("CUDA_VISIBLE_DEVICES", "not set")
        logger.info("device: cpu, for no GPU was found (CUDA_VISIBLE_DEVICES: %s)", visible)
    return device
