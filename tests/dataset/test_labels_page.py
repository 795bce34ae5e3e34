"""docs/dataset.md: names every field of the labels, and shows each kind of truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scenegen.records import labels as records
from scenegen.records import motion_labels

PAGE = Path(__file__).parents[2] / "docs/dataset.md"
RECORDS = (
    *(records.ObjectLabel, records.LaneLabel, records.SignalLabel, records.SignLabel),
    *(records.EgoLabel, records.CameraLabel, records.FrameLabels),
    *(motion_labels.LanePlace, motion_labels.Intention, motion_labels.PairLabel),
    *(motion_labels.ContactLabel, motion_labels.EgoControls),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_of_the_labels_is_named(record: type[records.FrameLabels]) -> None:
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", PAGE.read_text()))))
    assert set(record.model_fields) <= named, set(record.model_fields) - named


def test_every_kind_of_truth_has_a_picture() -> None:
    section = PAGE.read_text().split("\n## Ground truth, kind by kind\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 22
    for row in rows:
        pictures = re.findall(r"\]\((\S+\.jpg)\)", row)
        assert pictures, row
        assert all((PAGE.parent / name).is_file() for name in pictures)
    for name in ("truth", "labels"):
        assert (PAGE.parent / f"{name}.jpg").stat().st_size < 60_000
