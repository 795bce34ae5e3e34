"""Files that are wrong, or meant to hurt: one message with the place, and no harm done."""

import contextlib
import time
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from scenegen.errors import MapError
from scenegen.roads.opendrive import element as xml
from scenegen.roads.opendrive import parse_opendrive, read_opendrive
from tests.roads.opendrive.hand import HAND


def _line(text: str) -> int:
    return HAND[: HAND.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('hdg="0.3"', 'hdg="x"', "hdg of <geometry> is a finite number, not 'x'"),
        ('hdg="0.3"', 'hgd="0.3"', "<geometry> has no attribute 'hdg' (did you mean 'hgd'?)"),
        ('curvature="0.02"', 'curvature="nan"', "curvature of <arc> is a finite number"),
        ('length="30"><arc', 'length="-3"><arc', "length of <geometry> is at least 0, not -3"),
        ('s="70"', 's="30"', "s of <geometry> falls from 40 to 30; sort them by it"),
        ('type="HOV"', 'type="drivin"', "'drivin' of <lane> (did you mean 'driving'?)"),
        ('type="solid broken"', 'type="dashed"', "unknown type 'dashed' of <roadMark>"),
        ('<lane id="2" type', '<lane id="3" type', "lanes of <left> are 1, 2 outward"),
        ('revMinor="5"', 'revMinor="9"', "OpenDRIVE 1.9 is not read: save the map as"),
        ('unit="mph"', 'unit="knots"', "unknown unit 'knots' of <speed>"),
        ('elementId="9"', 'elementId="8"', "road '1' is linked to junction '8', which the file"),
        ('connectingRoad="2"', 'connectingRoad="7"', "junction '9' connects road '7'"),
        ('<road id="3"', '<road id="1"', "two of <road> have the id '1'; rename one"),
        ('distance="10"', 'distance="1e-9"', "copies; at most 10,000 are read"),
        ('<laneSection s="0">\n        <left>', '<laneSection s="0" singleSide="true"><left>',
         "a <laneSection> of a single side is not read"),
        ('fromLane="-2"', 'fromLane="-2.5"', "fromLane of <validity> is a whole number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(old: str, new: str, message: str) -> None:
    text = HAND.replace(old, new, 1)
    assert text != HAND
    with pytest.raises(MapError) as caught:
        parse_opendrive(text.encode(), "hand.xodr")
    assert message in str(caught.value)
    assert str(caught.value).startswith("hand.xodr:")
    assert caught.value.place.line is not None


def test_the_line_is_that_of_the_element() -> None:
    with pytest.raises(MapError) as caught:
        parse_opendrive(HAND.replace('hdg="0.3"', 'hdg="x"').encode(), "hand.xodr")
    assert caught.value.place.line == _line('hdg="0.3"')
    assert caught.value.place.column == 7


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no element found"),
        (b"not xml", "not well-formed"),
        (b"<OpenDRIVE>", "no element found"),
        (b"<net/>", "the first element is <OpenDRIVE>, not <net>"),
        (b"<OpenDRIVE/>", "<OpenDRIVE> has no <header>; add one"),
        (b'<?xml version="1.0" encoding="klingon"?><OpenDRIVE/>', "encoding"),
        (b"<OpenDRIVE><header revMajor='1' revMinor='6'/></OpenDRIVE>", "the map has no <road>"),
        (b"\xff\xfe\x00", "well-formed"),
    ],
)
def test_what_is_no_map(content: bytes, message: str) -> None:
    with pytest.raises(MapError, match=message):
        parse_opendrive(content, "hand.xodr")


def test_bombs_don_t_go_off() -> None:
    entities = "".join(f'<!ENTITY e{k + 1} "{f"&e{k};" * 10}">' for k in range(12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{entities}]><x>&e12;</x>'
    start = time.perf_counter()
    with pytest.raises(MapError, match="document type declaration is not allowed"):
        parse_opendrive(bomb.encode(), "bomb.xodr")
    assert time.perf_counter() - start < 1


def test_files_of_this_machine_are_not_read_in() -> None:
    outside = '<!DOCTYPE x [<!ENTITY p SYSTEM "file:///etc/passwd">]><OpenDRIVE>&p;</OpenDRIVE>'
    with pytest.raises(MapError, match="document type declaration is not allowed"):
        parse_opendrive(outside.encode(), "outside.xodr")


def test_depth_and_count_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MapError, match="at most 40 levels"):
        parse_opendrive(b"<a>" * 100_000, "deep.xodr")
    monkeypatch.setattr(xml, "MAX_ELEMENTS", 50)
    with pytest.raises(MapError, match="at most 50 elements"):
        parse_opendrive(b"<a>" + b"<b/>" * 100 + b"</a>", "many.xodr")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MapError, match="cannot be read: no such file"):
        read_opendrive(tmp_path / "no.xodr")


@given(st.data())
@settings(max_examples=300, deadline=2000)
def test_mutated_files_are_maps_or_errors(data: st.DataObject) -> None:
    """Cut, double or change pieces of a good file: it is read, or refused with a message."""
    text = HAND
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = min(len(text), start + data.draw(st.integers(0, 60)))
        piece = data.draw(
            st.sampled_from(("", '"', "-1", "1e308", "nan", text[start:end] * 2, "<lane/>", "&#0;"))
            | st.text(max_size=5)
        )
        text = text[:start] + piece + text[end:]
    with contextlib.suppress(MapError):
        parse_opendrive(text.encode("utf-8", "replace"), "m.xodr")
