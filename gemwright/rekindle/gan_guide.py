"""The guide of a conditional GAN: a network that tells the conditions of sets."""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus
from tqdm import tqdm

from gemwright.arrays import FloatArray
from gemwright.learning.scores import area_under_curve, explained_variance
from gemwright.rekindle.gan_options import GanOptions
from gemwright.rekindle.networks import Guide

_BATCH = 512
_SMALLEST_BATCH = 16


def train_guide(
    guide: Guide, features: Tensor, conditions: Tensor, labels: list[bool], options: GanOptions
) -> dict[str, float]:
    """Teach the guide nine tenths of the sets.

    Parameters
    ----------
    guide : Guide
        Is trained, by torch's random state, and then in evaluation mode.
    features : Tensor, shape (sets, parameters)
        Of the training sets.
    conditions : Tensor, shape (sets, conditions)
        Theirs.
    labels : list of bool
        Whether a condition is a label, -1 or +1.
    options : GanOptions
        Of which the guide's epochs count.

    Returns
    -------
    dict of str to float
        Figures on the other sets, see `gemwright.rekindle.gan_training.GanRun`.
    """
    order = torch.randperm(len(features), device=features.device)
    held, fit = order[: len(features) // 10], order[len(features) // 10 :]
    # few sets: smaller batches, or the guide would take too few steps
    batch = min(_BATCH, max(_SMALLEST_BATCH, len(fit) // 16), len(fit))
    steps = len(fit) // batch
    optimizer = torch.optim.AdamW(guide.parameters(), weight_decay=0.02, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 2e-3, total_steps=steps * options.guide_epochs + 1
    )
    guide.train()
    for _ in tqdm(range(options.guide_epochs), desc="train guide", leave=False):
        shuffled = fit[torch.randperm(len(fit), device=features.device)]
        for start in range(0, steps * batch, batch):
            chosen = shuffled[start : start + batch]
            loss = condition_loss(guide(features[chosen]), conditions[chosen], labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            cycle.step()
    guide.eval()
    with torch.inference_mode():
        told = guide(features[held]).cpu().numpy().astype(np.float64)
    return _guide_figures(told, conditions[held].cpu().numpy().astype(np.float64), labels)


def _guide_figures(told: FloatArray, true: FloatArray, labels: list[bool]) -> dict[str, float]:
    """Accuracy and AUC of labels, r2 of other conditions."""
    figures = {"sets": float(len(true))}
    for column, is_label in enumerate(labels):
        own, right = told[:, column], true[:, column]
        if len(np.unique(right)) < 2:
            continue
        if is_label:
            figures[f"accuracy_{column}"] = float(np.mean((own > 0) == (right > 0)))
            figures[f"auc_{column}"] = area_under_curve(right > 0, own)
        else:
            figures[f"r2_{column}"] = explained_variance(right, own)
    return figures


def condition_loss(told: Tensor, conditions: Tensor, labels: list[bool]) -> Tensor:
    """Binary cross-entropy of labels and squared error of other conditions, summed over columns."""
    losses = [
        softplus(-own * true) if is_label else (own - true).square()
        for own, true, is_label in zip(told.T, conditions.T, labels, strict=True)
    ]
    return torch.stack(losses).sum(dim=0).mean()
