"""The index is the same however few manifests are held at once."""

from __future__ import annotations

import hashlib
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.dataset import index
from scenegen.dataset.index import IndexBuilder, build_index
from scenegen.dataset.schema import FileEntry, FrameEntry, SceneManifest

VALUES = st.one_of(st.booleans(), st.floats(-1e9, 1e9), st.sampled_from(["day", "night"]))
SCENES = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("abc"), VALUES),
        st.dictionaries(st.sampled_from("mn"), st.floats(-1.0, 1.0)),
        st.booleans(),
    ),
    max_size=9,
)


def read(content: bytes) -> pa.Table:
    return pq.read_table(io.BytesIO(content))


def manifest(number: int, parameters: dict, robustness: dict, flow: bool) -> SceneManifest:
    names = ["front/rgb/000000.png", *(["front/flow/000000.png"] if flow else [])]
    files = {
        name: FileEntry(sha256=hashlib.sha256(f"{number}{name}".encode()).hexdigest(), bytes=1)
        for name in names
    }
    frame = FrameEntry(
        sensor="front", frame=0, step=0, time_s=0.0, layers=("rgb",), objects={"car": number}
    )
    return SceneManifest(
        scene=f"drive-{number:06d}",
        scenario="drive",
        scenario_digest="0" * 64,
        seed=0,
        index=number,
        parameters=parameters,
        log_weight=0.0,
        robustness=robustness,
        licences=(),
        frames=(frame,),
        files=files,
    )


@given(scenes=SCENES, held=st.integers(1, 4))
def test_manifests_one_after_the_other(scenes: list, held: int) -> None:
    manifests = [manifest(number, *scene) for number, scene in enumerate(scenes)]
    whole = build_index(manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "_HELD", held)
        builder = IndexBuilder()
        for one in manifests:
            builder.add(one)
        assert builder.content() == whole
    assert read(whole).num_rows == len(manifests)


@given(scenes=SCENES, held=st.integers(1, 4), group=st.integers(1, 4))
def test_row_groups(scenes: list, held: int, group: int) -> None:
    manifests = [manifest(number, *scene) for number, scene in enumerate(scenes)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "_HELD", held)
        patch.setattr(index, "_GROUP", group)
        content = build_index(manifests)
    groups = pq.ParquetFile(io.BytesIO(content)).metadata.num_row_groups
    assert groups == max(-(-len(manifests) // group), 1)
    assert read(content) == read(build_index(manifests))


def test_types_follow_from_all_scenes() -> None:
    values = [1.5, True, "x"]
    told = [manifest(n, {"a": v, "b": 2.0}, {}, False) for n, v in enumerate(values)]
    table = read(build_index(told))
    assert table["param.a"].to_pylist() == ["1.5", "true", '"x"']
    assert table["param.b"].to_pylist() == [2.0, 2.0, 2.0]
