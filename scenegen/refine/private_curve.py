"""What privacy costs: held-out loss, and what a membership test still finds, by epsilon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scenegen.evaluate.measures.membership import area
from scenegen.evaluate.results import Table
from scenegen.refine.pictures import Pictures
from scenegen.refine.presets import TrainingSettings
from scenegen.refine.privacy import denoising_losses
from scenegen.refine.private import PrivacySettings, PrivateTrainer
from scenegen.refine.spec import RefinerSpec
from scenegen.refine.trainer import Trainer


@dataclass(frozen=True)
class PrivatePoint:
    """A training under one bound.

    Attributes
    ----------
    epsilon : float or None
        None for a training without a bound.
    noise : float
        Deviation of the noise over the length that gradients are cut to.
    loss : float
        Mean denoising loss of held-out pictures, less being better; see `denoising_losses`.
    auc : float
        Area of the membership test by that loss; one half where nothing is remembered.
    """

    epsilon: float | None
    noise: float
    loss: float
    auc: float


def epsilon_utility(
    spec: RefinerSpec,
    settings: TrainingSettings,
    sets: Sequence[Pictures],
    held: Pictures,
    epsilons: Sequence[float | None],
    seed: int,
    delta: float = 1e-5,
    clip: float = 1.0,
    device: str = "cpu",
) -> Iterator[PrivatePoint]:
    """Train once for each epsilon, everything else equal, and give what came of it.

    Parameters
    ----------
    sets : sequence of Pictures
        Real pictures first, as `PrivateTrainer` takes them.
    held : Pictures
        Real ones that nothing is trained on, best of the same drives.
    epsilons : sequence of float or None
        None trains without a bound.
    """
    for epsilon in epsilons:
        trainer: Trainer
        if epsilon is None:
            trainer, noise = Trainer(spec, settings, sets, seed, device), 0.0
        else:
            privacy = PrivacySettings(epsilon=epsilon, delta=delta, clip=clip)
            # Nothing is published from here, so that the seed may be all there is to know.
            private = PrivateTrainer(spec, settings, sets, seed, privacy, "curve", device)
            trainer, noise = private, private.noise
        while trainer.step < settings.steps:
            trainer.advance()
        model = trainer.denoiser()
        members = denoising_losses(model, sets[0], seed).mean(axis=1)
        others = denoising_losses(model, held, seed).mean(axis=1)
        yield PrivatePoint(epsilon, noise, float(others.mean()), area(-members, -others))


def curve_table(points: Sequence[PrivatePoint]) -> Table:
    """Return the points as a table of a report."""
    rows = tuple(
        ("none" if p.epsilon is None else p.epsilon, p.noise, p.loss, p.auc) for p in points
    )
    return Table(
        title="What privacy costs",
        columns=("epsilon", "noise", "held-out loss", "membership AUC"),
        rows=rows,
    )
