"""Where a mutation's choices come from: a random generator, or the bytes of a guided fuzzer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Choices(Protocol):
    """Makes choices."""

    def below(self, n: int) -> int:
        """Return a whole number from 0 to below n."""

    def text(self, most: int) -> str:
        """Return a text of at most so many characters."""


def pick(choices: Choices, items: Sequence[T]) -> T:
    """Return one of some items."""
    return items[choices.below(len(items))]


class RandomChoices:
    """Choices of a generator with a seed."""

    ALPHABET = "abz AB09_.-+*/()[]{}:,'\"#&*!|>%@`\\\n\t~?=<é🚲\x00\x85\ufeff"

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def below(self, n: int) -> int:
        return self.random.randrange(n)

    def text(self, most: int) -> str:
        count = self.random.randint(0, most)
        return "".join(self.random.choice(self.ALPHABET) for _ in range(count))
