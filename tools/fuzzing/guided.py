"""``tools/fuzz --guided SECONDS``: libFuzzer's coverage steers the mutations (needs atheris)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["scenegen.scenario", "scenegen.sample", "scenegen.roads"]):
    import scenegen.roads
    import scenegen.sample
    import scenegen.scenario  # noqa: F401 - instrumented when it is imported first

from fuzzing.choices import RandomChoices
from fuzzing.judge import judge, prepare
from fuzzing.mutate import mutant

DRAWN_BELOW = 64
"""Of 256 values of an input's first byte: how many of the texts that load are drawn from."""


class ByteChoices:
    """Choices that a fuzzer's bytes make; when they run out, always the first."""

    def __init__(self, data: bytes) -> None:
        self.provider = atheris.FuzzedDataProvider(data)

    def below(self, n: int) -> int:
        return int(self.provider.ConsumeIntInRange(0, n - 1))

    def text(self, most: int) -> str:
        return str(self.provider.ConsumeUnicodeNoSurrogates(self.below(most + 1)))


def one(data: bytes) -> None:
    """Judge one input; what is bad ends the fuzzer, which keeps the input."""
    text = mutant(ByteChoices(data[1:]))
    verdict = judge(text, draws=bool(data) and data[0] < DRAWN_BELOW)
    if verdict.outcome == "BAD":
        Path(tempfile.gettempdir(), "fuzzed.yaml").write_text(text, "utf-8", "replace")
        raise AssertionError(verdict.problem)


def main(arguments: list[str]) -> Any:
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        # Inputs to begin with, long enough for several changes.
        for seed in range(64):
            choices = RandomChoices(f"corpus:{seed}")
            Path(folder, str(seed)).write_bytes(bytes(choices.below(256) for _ in range(200)))
        atheris.Setup([arguments[0], folder, "-max_len=600", *arguments[1:]], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
