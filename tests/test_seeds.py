"""Named generators: equal names, equal streams; anything else, another stream."""

from __future__ import annotations

import subprocess
import sys

from scenegen.seeds import SceneKey, named_generator


def first(*words: str | int) -> int:
    return int(named_generator(*words).integers(2**63))


def test_streams_belong_to_names() -> None:
    assert first("a", 1) == first("a", 1)
    names = [("a", 1), ("a", "1"), ("a1",), ("a",), ("a", 1, ""), ("b", 1), (0,), ("",)]
    assert len({first(*name) for name in names}) == len(names)


def test_keys_differ_by_every_part() -> None:
    keys = [SceneKey("d", 0, 0), SceneKey("d", 0, 1), SceneKey("d", 1, 0), SceneKey("e", 0, 0)]
    draws = {int(key.generator("sample").integers(2**63)) for key in keys}
    draws |= {int(key.generator("noise").integers(2**63)) for key in keys}
    assert len(draws) == 8


def test_a_fresh_process_draws_the_same() -> None:
    code = "from scenegen.seeds import named_generator as n; print(n('x', 7).integers(2**63))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert int(result.stdout) == first("x", 7)
