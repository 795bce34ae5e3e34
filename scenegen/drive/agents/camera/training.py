"""Behaviour cloning: the network learns to say what the teacher did."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from scenegen.drive.agents.camera.lessons import Lesson
from scenegen.drive.agents.camera.network import Driver

BATCH = 64
RATE = 1e-3
_LIGHT = (0.7, 1.3)


def train(
    lessons: Sequence[Lesson],
    passes: int,
    generator: np.random.Generator,
    driver: Driver | None = None,
    tell: Callable[[str], None] = print,
) -> Driver:
    """Return a network that has learned some lessons.

    Half of them are mirrored, and all are made lighter or darker at random.

    Parameters
    ----------
    lessons : sequence of Lesson
    passes : int
        How often each is learned.
    generator : numpy.random.Generator
    driver : Driver, optional
        One that knows something already.
    """
    torch.manual_seed(int(generator.integers(1 << 31)))
    learns = driver or Driver()
    learns.train()
    pictures = np.stack([lesson.glance.pictures for lesson in lessons])
    speeds = np.stack([lesson.glance.speeds for lesson in lessons])
    told = np.clip(np.stack([lesson.told for lesson in lessons]), -3.0, 3.0)
    steps = passes * max(1, len(lessons) // BATCH)
    optimiser = torch.optim.AdamW(learns.parameters(), RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    mean = 0.0
    for step in range(steps):
        chosen = generator.integers(len(lessons), size=BATCH)
        seen, asked = pictures[chosen].astype(np.float32), told[chosen].copy()
        mirrored = generator.random(BATCH) < 0.5
        seen[mirrored] = seen[mirrored][..., ::-1]
        asked[mirrored, 0] *= -1.0
        seen *= generator.uniform(*_LIGHT, (BATCH, 1, 1, 1)).astype(np.float32)
        np.clip(seen, 0.0, 255.0, out=seen)
        found = learns(torch.from_numpy(seen), torch.from_numpy(speeds[chosen]))
        loss = torch.nn.functional.smooth_l1_loss(found, torch.from_numpy(asked), beta=0.2)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learns.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        mean += (loss.item() - mean) / min(step + 1, 100)
        if step % 200 == 199:
            tell(f"step {step + 1} of {steps}: loss {mean:.4f}")
    learns.eval()
    return learns
