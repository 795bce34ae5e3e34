"""Mappings follow from what classes hold; holes in them show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.errors import InputError
from scenegen.evaluate.adapters.camvid import CAMVID_11, CAMVID_32
from scenegen.evaluate.adapters.cityscapes_classes import cityscapes_table, ids_of_train_ids
from scenegen.evaluate.adapters.idd import LABELS, THINGS
from scenegen.evaluate.adapters.idd import TABLE as IDD
from scenegen.evaluate.classes import (
    COMMON,
    SCENEGEN,
    ClassTable,
    LabelSpace,
    NativeClass,
    SpaceClass,
    extent,
    map_classes,
    native_space,
)
from scenegen.evaluate.spaces import (
    CATEGORIES_7,
    CITYSCAPES_19,
    label_space,
    mapping_flags,
    mapping_table,
    read_overrides,
)

CITYSCAPES = cityscapes_table("cityscapes")
TABLES = (SCENEGEN, CAMVID_11, CAMVID_32, CITYSCAPES, IDD)


@st.composite
def tables(draw: st.DrawFn) -> ClassTable:
    names = draw(st.lists(st.sets(st.sampled_from(COMMON), max_size=4), min_size=1, max_size=8))
    return ClassTable(
        "any", tuple(NativeClass(i, f"c{i}", frozenset(held)) for i, held in enumerate(names))
    )


@st.composite
def spaces(draw: st.DrawFn) -> LabelSpace:
    owner = draw(st.lists(st.integers(-1, 4), min_size=len(COMMON), max_size=len(COMMON)))
    held = {i: {c for c, o in zip(COMMON, owner, strict=True) if o == i} for i in range(5)}
    return LabelSpace(
        "some", tuple(SpaceClass(f"j{i}", frozenset(of)) for i, of in held.items() if of)
    )


@given(tables(), spaces())
def test_a_class_goes_where_all_its_judged_things_go_and_nowhere_else(
    table: ClassTable, space: LabelSpace
) -> None:
    mapping = map_classes(table, space)
    home = {common: judged.name for judged in space.classes for common in judged.extent}
    for row in mapping.rows:
        homes = {home[common] for common in row.native.extent if common in home}
        assert row.target == (homes.pop() if len(homes) == 1 else None)
        assert (row.native.name in mapping.straddling) == (len(homes) > 1)
    fed = {row.target for row in mapping.rows}
    assert set(mapping.unfed) == set(space.names) - fed


@given(tables())
def test_every_class_finds_itself_or_its_twin_in_its_own_native_space(table: ClassTable) -> None:
    space = native_space(table)
    mapping = map_classes(table, space)
    assert not mapping.unfed
    for row in mapping.rows:
        if row.native.name in space.names:
            assert row.target == row.native.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_tables_are_in_order_and_unambiguous(table: ClassTable) -> None:
    ids = [native.id for native in table.classes]
    assert ids == sorted(set(ids))
    names = [native.name for native in table.classes]
    assert len(set(names)) == len(names)
    assert not map_classes(table, native_space(table)).straddling


def test_cityscapes_maps_onto_its_own_benchmark() -> None:
    mapping = map_classes(CITYSCAPES, CITYSCAPES_19)
    assert not mapping.straddling
    assert not mapping.unfed
    # Label ids of the 19 train ids, as the makers list them.
    ids = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]
    np.testing.assert_array_equal(mapping.apply(np.array(ids)), np.arange(19))
    np.testing.assert_array_equal(ids_of_train_ids(np.arange(19)), ids)
    assert ids_of_train_ids(np.array([255, 19])).tolist() == [0, 0]
    ignored = [i for i in range(34) if i not in ids and i != 18]
    assert set(mapping.apply(np.array([*ignored, -1, 255, 70000])).tolist()) == {255}


def test_idd_counts_as_its_makers_count_it_for_cityscapes() -> None:
    """Names by level-3 id and by the train ids that the makers give for Cityscapes."""
    by_train_id = map_classes(IDD, CITYSCAPES_19)
    expected = {0: 0, 2: 1, 3: 9, 4: 11, 5: 12, 6: 17, 7: 18, 9: 13, 10: 14, 11: 15}
    expected |= {14: 3, 15: 4, 18: 7, 19: 6, 20: 5, 22: 2, 24: 8, 25: 10}
    judged = by_train_id.apply(np.array(sorted(expected)))
    assert judged.tolist() == [expected[i] for i in sorted(expected)]
    outside = [1, 8, 12, 16, 17, 21, 23, 255]
    assert set(by_train_id.apply(np.array(outside)).tolist()) == {255}
    assert len(IDD.classes) == 27
    assert LABELS["polegroup"] == 20
    assert LABELS["tunnel"] == 23
    assert LABELS["vehicle fallback"] == 12
    assert set(THINGS.values()) == set(range(4, 13))


def test_scenegen_feeds_camvid() -> None:
    mapping = map_classes(SCENEGEN, native_space(CAMVID_11))
    assert not mapping.unfed
    assert not mapping.straddling
    judged = {row.native.name: row.target for row in mapping.rows}
    assert judged["lane marking"] == "road"
    assert judged["bus"] == "car"
    assert judged["rider"] == judged["bicycle"] == "bicyclist"
    assert judged["animal"] is None


def test_overrides_go_first_and_are_checked() -> None:
    mapping = map_classes(CAMVID_11, CITYSCAPES_19, {"car": "car", "sky": None})
    judged = {row.native.name: (row.target, row.reason) for row in mapping.rows}
    assert judged["car"] == ("car", "override")
    assert judged["sky"] == (None, "override")
    with pytest.raises(InputError, match="did you mean 'pole'"):
        map_classes(CAMVID_11, CITYSCAPES_19, {"pol": "pole"})
    with pytest.raises(InputError, match="did you mean 'bicycle'"):
        map_classes(CAMVID_11, CITYSCAPES_19, {"pole": "bicicle"})


def test_holes_are_flagged_and_the_table_shows_every_class() -> None:
    mapping = map_classes(CAMVID_11, CITYSCAPES_19)
    straddling, unfed = mapping_flags(mapping, "real")
    assert straddling.severity == unfed.severity == "warning"
    assert "'car'" in straddling.message
    assert "'truck'" in unfed.message
    table = mapping_table(mapping)
    assert len(table.rows) == 11
    assert (8, "car", "ignored", "holds several judged classes") in table.rows
    assert (3, "road", "road", "by what it holds") in table.rows
    assert not mapping_flags(map_classes(CITYSCAPES, CITYSCAPES_19), "real")


def test_categories_are_a_coarsening_of_the_19() -> None:
    held = {common for judged in CITYSCAPES_19.classes for common in judged.extent}
    home = {common: j.name for j in CATEGORIES_7.classes for common in j.extent}
    assert held <= set(home)
    for judged in CITYSCAPES_19.classes:
        assert len({home[common] for common in judged.extent}) == 1
    assert len(CATEGORIES_7) == 7


def test_spaces_by_name() -> None:
    assert label_space("native", CAMVID_11).names == tuple(c.name for c in CAMVID_11.classes)
    assert label_space("cityscapes19", CAMVID_11) is CITYSCAPES_19
    with pytest.raises(InputError, match="did you mean 'cityscapes19'"):
        label_space("cityscapes", CAMVID_11)


def test_a_users_own_space(tmp_path: Path) -> None:
    path = tmp_path / "space.yaml"
    path.write_text(
        "space: mine\nclasses:\n"
        "  - {name: people, extent: [person, rider], color: [1, 2, 3]}\n"
        '  - {name: wheels, extent: "car, truck"}\n'
        "  - {name: sky}\n"
    )
    space = label_space(str(path), CAMVID_11)
    assert space.name == "mine"
    assert space.names == ("people", "wheels", "sky")
    assert space.classes[0] == SpaceClass("people", extent("person,rider"), (1, 2, 3))
    assert space.classes[1].extent == {"car", "truck"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("classes: []", "classes: needs a list"),
        ("classes:\n  - {name: x}", "2:5: x needs an extent"),
        ("classes:\n  - {name: x, extent: [prson]}", "did you mean 'person'"),
        ("classes:\n  - {name: sky, extent: []}", "names no common class"),
        ("classes:\n  - {name: sky}\n  - {name: sky, extent: road}", "two classes are called"),
        ("classes:\n  - {name: sky}\n  - {name: b, extent: sky}", "'sky' is in 'sky' and in 'b'"),
        ("classes:\n  - {name: sky, colour: [1, 2, 3]}", "did you mean 'color'"),
        ("classes:\n  - {name: sky, color: [1, 2, 300]}", "0 to 255"),
        ("clases:\n  - {name: sky}", "did you mean 'classes'"),
    ],
)
def test_a_wrong_space_is_explained(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "space.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as error:
        label_space(str(path), CAMVID_11)
    assert str(path) in str(error.value)


def test_overrides_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("camvid:\n  car: car\n  sign_symbol: null\nscenegen: {bus: car}\n")
    assert read_overrides(path) == {
        "camvid": {"car": "car", "sign_symbol": None},
        "scenegen": {"bus": "car"},
    }
    path.write_text("camvid:\n  car: 3\n")
    with pytest.raises(InputError, match=r"mapping.yaml:2:8: car: name a judged class"):
        read_overrides(path)
    path.write_text("camvid: car\n")
    with pytest.raises(InputError, match="mapping of native class"):
        read_overrides(path)
    with pytest.raises(InputError, match="no such"):
        read_overrides(tmp_path / "nowhere.yaml")


def test_a_made_up_common_class_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'person'"):
        NativeClass(0, "x", frozenset({"persn"}))
