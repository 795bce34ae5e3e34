"""What came of a night."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scenegen.pipeline.nightly.due import Due
from scenegen.pipeline.nightly.version import Version


@dataclass(frozen=True)
class NightlyResult:
    """What came of a run.

    Attributes
    ----------
    out : Path
    due : Due or None
        What was to be done.
    version : Version or None
        As it is now; None where nothing was made, or not all of it.
    changes : str
        Against the version before; empty where there is no new version.
    stopped : str
        Why the run ended before it was through; empty if it wasn't.
    asked : bool
        Whether it was no run, but a question or a step back.
    """

    out: Path
    due: Due | None = None
    version: Version | None = None
    changes: str = ""
    stopped: str = ""
    asked: bool = False

    @property
    def ok(self) -> bool:
        """Whether what the plan says is published, or was only asked about."""
        return self.asked or (self.version is not None and self.version.state == "published")

    def __str__(self) -> str:
        rows = [str(self.due)] if self.due is not None else []
        if self.stopped:
            rows.append(f"stopped: {self.stopped}; the same command goes on")
        if self.version is not None:
            version = self.version
            rows.append(f"{version.plan} {version.id}: {version.state}, digest {version.digest}")
            rows += [
                f"  gate {gate.name}: {'holds' if gate.passed else 'FAILS'}: {gate.told}"
                for gate in version.gates
            ]
            rows += [f"  quarantined: {s}: {why}" for s, why in version.quarantined.items()]
        rows += [self.changes] if self.changes else []
        return "\n".join(rows)
