"""What a night works with, from its first scene to the version that it publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path

    from scenegen.pipeline.nightly.chain import Grounds
    from scenegen.pipeline.nightly.executor import Executor
    from scenegen.pipeline.nightly.guard import Guard
    from scenegen.pipeline.nightly.plan import NightlyPlan
    from scenegen.pipeline.nightly.store import Store
    from scenegen.pipeline.nightly.version import Shelf
    from scenegen.pipeline.nightly_config import NightlyConfig


@dataclass(frozen=True)
class Asked:
    """What a run works with."""

    out: Path
    config: NightlyConfig
    plan: NightlyPlan
    grounds: Grounds
    store: Store
    shelf: Shelf
    executor: Executor
    guard: Guard
    stream: TextIO
