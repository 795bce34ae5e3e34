"""What a document may cost: the worst ones are read, or refused, in less than 2 s of CPU time."""

import os
import time

import pytest

from scenegen.errors import MAX_LINE, ScenarioError
from scenegen.scenario import load_scenario, parse_scenario

HEAD = """\
scenario: small
description: x
duration: 2 s
road: {kind: straight, length: 200 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
"""


def _lines(head, template, count):
    return f"{head}:\n" + "\n".join(template.format(i=i, next=i + 1) for i in range(count)) + "\n"


def _bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    return "\n".join(lines)


COSTLY = {
    "aliases of aliases": _bomb(),
    "many aliases": f"a: &a 1\nb: [{'*a, ' * 11_000}]",
    "opened lists": "a: " + "[" * 99_000,
    "opened mappings": "{" * 99_000,
    "dashes": "- " * 49_000,
    "questions": "? " * 49_000,
    "a long word": "a: " + "x" * 99_000,
    "many digits": "a: " + "9" * 99_000,
    "digits and bars": "a: " + "1_" * 49_000,
    "sexagesimals": "a: " + "1:" * 49_000 + "1",
    "a long exponent": "a: 1e" + "9" * 9_000,
    "comments": "# x\n" * 24_000,
    "empty lines": "\n" * 99_000,
    "documents": "---\n" * 24_000,
    "directives": "%x\n" * 30_000,
    "anchors": "\n".join(f"k{i}: &a{i} 1" for i in range(5_900)),
    "unknown keys": "\n".join(f"scenaro{i}: 1" for i in range(5_900)),
    "many parameters": HEAD + _lines("parameters", "  p{i}: 1", 5_000),
    "parameters that need the next": HEAD + _lines("parameters", "  p{i}: p{next} + 1", 480),
    "parameters in a circle": HEAD + _lines("parameters", "  p{i}: p{next} + 1", 480)[:-5] + "p0\n",
    "a chain from what is wrong": HEAD
    + _lines("parameters", "  p{i}: p{next} + 1", 480)
    + "  p480: {uniform: [2, 1]}\n",
    "doubled texts": HEAD.replace("straight", "p300")
    + "parameters:\n  b: 1\n  p0: {categorical: [straight, curve]}\n"
    + "\n".join(f"  p{i}: where(b > 0, p{i - 1}, p{i - 1})" for i in range(1, 301)),
    "nothing but unknown names": HEAD
    + _lines("parameters", "  p{i}: 1", 480)
    + _lines(
        "actors",
        "  a{i}: {{asset: debris.crate, speed: qq{i}*2, place: {{lane: forward_0, s: r{i}}}}}",
        200,
    ),
    "sums in a broken line": "a: {b: " + "c - " * 20_000 + "{d: ]",
    "ranges": HEAD + _lines("parameters", "  p{i}: 1 " + "a " * 200 + "b", 200),
    "many constraints": HEAD + _lines("require", "  - q{i} < 2", 7_000),
    "many sensors": HEAD + "sensors: {" + ", ".join(f"s{i}: {{}}" for i in range(3_000)) + "}",
    "many behaviours": HEAD.replace("s: 20 m}}", f"s: 20 m}}, behaviour: [{'stand, ' * 8_000}]}}"),
    "many tags": HEAD + f"odd: [{'x, ' * 11_000}]",
    "many brackets": HEAD + f"parameters: {{p: {'(' * 250}1{')' * 250}}}",
    "powers of powers": HEAD + "parameters: {p: 9 ** 8 ** 8 ** 8 ** 8}",
    "a long comparison": HEAD + f"require: ['{'1 < ' * 145}2']",
    "a long condition": HEAD + f"require: ['{'true and ' * 60}true']",
    "nots": HEAD + f"require: ['{'not ' * 140}true']",
}


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY.keys())
def test_it_is_read_or_refused_in_time(text):
    start, told = time.process_time(), "costly.yaml"
    try:
        parse_scenario(text, "costly.yaml")
    except ScenarioError as error:
        told = str(error)
    assert time.process_time() - start < 2.0
    assert told.startswith("costly.yaml")
    assert len(max(told.splitlines(), key=len)) <= MAX_LINE + 100


def test_what_never_ends_is_not_read(tmp_path):
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for name in ("/dev/zero", str(pipe)):
        with pytest.raises(ScenarioError, match="no ordinary file"):
            load_scenario(name)
        with pytest.raises(ScenarioError, match=r"own\.yaml:6:10: .*no ordinary file"):
            parse_scenario(f"{HEAD}extends: {name}\n", "own.yaml")


def test_a_wrong_name_is_told_once():
    uses = "\n".join(f"  - lenght > {n} m" for n in range(7))
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(f"{HEAD}parameters: {{length: 3 m}}\nrequire:\n{uses}\n", "x.yaml")
    assert str(caught.value) == (
        "x.yaml:8:5: unknown parameter 'lenght' (did you mean 'length'?) "
        "(also at 9:5, 10:5, 11:5 and 3 more)"
    )


def test_a_wrong_parameter_is_told_once():
    text = (
        f"{HEAD}parameters: {{v: {{uniform: [2 m/s, 1 m/s]}}}}\nrequire: [v > 1 m/s, v < 9 m/s]\n"
    )
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "x.yaml")
    assert len(str(caught.value).splitlines()) == 1
    assert "reversed" in str(caught.value)
