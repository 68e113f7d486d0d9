"""The loop of all trainings: seeded by epoch, stopped early, taken up again after a break."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from gemwright.errors import InputError
from gemwright.io.tensors import read_cached_tensors, write_tensors
from gemwright.learning.checkpoints import join_groups, split_groups

logger = logging.getLogger(__name__)

Row = dict[str, Any]
Part = nn.Module | torch.optim.Optimizer


@dataclass
class TrainingLoop:
    """The epochs that a training has left, and what it has come to.

    Iterating gives the number of each epoch, from 0, with torch's random state set for it: the
    body trains, and calls `record`. A checkpoint in `path` is taken up when the loop is made; the
    result then equals that of a run without a break.

    Parameters
    ----------
    title : str
        For the progress bar.
    network : torch.nn.Module
        Whose weights after the best epoch are kept.
    parts : mapping of str to torch.nn.Module or torch.optim.Optimizer
        All that has a state, `network` included; no part is called ``best``.
    epochs : int
        Most epochs.
    seed : callable
        Seed of an epoch. A resumed run draws by it what an unbroken one draws.
    better : callable
        Whether an epoch's row is better than that of the best epoch before (None for the first).
    stop : callable
        Whether a history ends the training.
    digest : str
        Of what is trained and how: another training's checkpoint is refused.
    path : pathlib.Path or None
        The checkpoint, written atomically; it is for the caller to remove.
    every : int
        Epochs between checkpoints, which also follow the last epoch; 0 for none.

    Attributes
    ----------
    history : list of dict
        A row for each epoch, as recorded, with ``best``.
    best : dict of str to Tensor
        Weights of the best epoch, on the CPU; empty before there is one.
    facts : dict
        What else to keep with a checkpoint, for JSON.

    Raises
    ------
    InputError
        If the checkpoint is of another training. A damaged one counts as missing.
    """

    title: str
    network: nn.Module
    parts: Mapping[str, Part]
    epochs: int
    seed: Callable[[int], int]
    better: Callable[[Row, Row | None], bool]
    stop: Callable[[Sequence[Row]], bool]
    digest: str
    path: Path | None
    every: int = 1
    history: list[Row] = field(default_factory=list, init=False)
    best: dict[str, Tensor] = field(default_factory=dict, init=False)
    facts: dict[str, Any] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        found = self.path and read_cached_tensors(self.path, "checkpoint")
        if not found:
            return
        tensors, facts = found
        if facts.get("digest") != self.digest:
            raise InputError(
                str(self.path), "is of other data or options", "delete it and train again"
            )
        groups = split_groups(tensors)
        for name, part in self.parts.items():
            _restore(part, groups.get(name, {}))
        self.best = groups.get("best", {})
        self.history, self.facts = facts["history"], facts["facts"]
        logger.info("resumed after epoch %d", self.history[-1]["epoch"])

    def __iter__(self) -> Iterator[int]:
        done = len(self.history)
        bar = tqdm(range(done, self.epochs), desc=self.title, total=self.epochs, initial=done)
        for epoch in bar:
            if self.stop(self.history):
                break
            torch.manual_seed(self.seed(epoch))
            yield epoch
            bar.set_postfix(self._shown)

    def due(self, row: Row) -> bool:
        """Whether a checkpoint is written after an epoch, given its row."""
        done = len(self.history) + 1
        last = done == self.epochs or self.stop([*self.history, row])
        return self.every > 0 and (done % self.every == 0 or last)

    def record(self, row: Row, **shown: float) -> None:
        """Note an epoch, keep the weights if it is the best, and write a checkpoint if it is due.

        Parameters
        ----------
        row : dict
            ``epoch``, and figures for JSON.
        **shown : float
            What the progress bar tells.
        """
        place = best_place(self.history)
        row["best"] = bool(self.better(row, None if place < 0 else self.history[place]))
        if row["best"]:
            weights = self.network.state_dict().items()
            self.best = {name: value.detach().cpu().clone() for name, value in weights}
        due = self.due(row)
        self.history.append(row)
        self._shown = shown
        if due and self.path is not None:
            groups = {name: _state(part) for name, part in self.parts.items()}
            facts = {"digest": self.digest, "history": self.history, "facts": self.facts}
            write_tensors(self.path, join_groups({**groups, "best": self.best}), facts)

    def take_best(self) -> None:
        """Give the network the weights of the best epoch, if there is one."""
        self.network.load_state_dict(self.best or self.network.state_dict())


def best_place(history: Sequence[Row]) -> int:
    """Place of the best epoch in a history; -1 if there is none."""
    return max((place for place, row in enumerate(history) if row["best"]), default=-1)


def out_of_patience(patience: int) -> Callable[[Sequence[Row]], bool]:
    """Rule that stops after so many epochs without a better one; never, if 0."""
    return lambda history: 0 < patience <= len(history) - 1 - best_place(history)


def _state(part: Part) -> dict[str, Tensor]:
    """State of a network, or of an optimizer under ``number.name``; its options are known."""
    state = part.state_dict()
    if isinstance(part, nn.Module):
        return state
    return join_groups({str(number): held for number, held in state["state"].items()})


def _restore(part: Part, tensors: Mapping[str, Tensor]) -> None:
    """Give a part the state that `_state` took from one like it."""
    state: dict[str, Any] = dict(tensors)
    if not isinstance(part, nn.Module):
        # no tensors before the first step
        held = split_groups(tensors).items()
        state = part.state_dict() | {"state": {int(number): values for number, values in held}}
    part.load_state_dict(state)
