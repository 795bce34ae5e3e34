"""The ground is one watertight mesh that agrees with the heights."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from scenegen.records import RoadNetwork, RoadSpec
from scenegen.roads import build_network, height_at, normal_at


def triangles(network: RoadNetwork, semantic: str | None = None) -> np.ndarray:
    return np.concatenate(
        [
            s.vertices[s.faces]
            for s in network.surfaces
            if semantic is None or s.semantic == semantic
        ]
    )


def normals(corners: np.ndarray) -> np.ndarray:
    p = corners.astype(np.float64)
    return np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])


def assert_watertight(network: RoadNetwork) -> None:
    corners = triangles(network)
    _, index = np.unique(corners.reshape(-1, 3), axis=0, return_inverse=True)
    faces = index.reshape(-1, 3)
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    directed = {tuple(edge) for edge in edges.tolist()}
    assert len(directed) == len(edges), "an edge is walked twice in one direction"
    rim = {a: b for a, b in directed if (b, a) not in directed}
    assert len(rim) == sum((b, a) not in directed for a, b in directed)
    start = at = next(iter(rim))
    steps = 0
    while steps == 0 or at != start:
        at = rim[at]
        steps += 1
    assert steps == len(rim), "there is a hole besides the outer rim"


def assert_upward(network: RoadNetwork) -> None:
    up = normals(triangles(network))[:, 2]
    assert up.min() > 0


def assert_heights(network: RoadNetwork, seed: int) -> None:
    corners = triangles(network).astype(np.float64)
    weights = np.random.default_rng(seed).dirichlet([1, 1, 1], len(corners))
    points = (corners * weights[..., None]).sum(axis=1)
    assert np.abs(height_at(network, points[:, :2]) - points[:, 2]).max() < 1e-3


def test_every_kind_is_watertight(spec: RoadSpec) -> None:
    network = build_network(spec)
    assert_watertight(network)
    assert_upward(network)
    assert_heights(network, 0)
    assert len(triangles(network)) < 25_000


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_road_is_watertight(data: st.DataObject, any_road: st.SearchStrategy[RoadSpec]) -> None:
    network = build_network.__wrapped__(data.draw(any_road))
    assert_watertight(network)
    assert_upward(network)
    assert_heights(network, 1)


def test_a_hole_would_be_found(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["street"])
    torn = network.surfaces[1:]
    broken = RoadNetwork(
        network.spec, network.lanes, network.lines, network.signals, torn, network.flat
    )
    with pytest.raises(AssertionError):
        assert_watertight(broken)


def test_vertex_normals_are_unit_and_near_their_faces(spec: RoadSpec) -> None:
    for surface in build_network(spec).surfaces:
        assert np.allclose(np.linalg.norm(surface.normals, axis=1), 1, atol=1e-4)
        face = normals(surface.vertices[surface.faces])
        face /= np.linalg.norm(face, axis=1, keepdims=True)
        drawn = surface.normals[surface.faces].mean(axis=1)
        assert (face * drawn).sum(axis=1).min() > 0.95


def test_normals_are_the_gradient_of_heights(spec: RoadSpec) -> None:
    network = build_network(spec)
    rng = np.random.default_rng(3)
    points = rng.uniform([0, -30], [spec.length_m, 30], (500, 2))
    step = 1e-6
    n = normal_at(network, points)
    assert np.allclose(np.linalg.norm(n, axis=-1), 1)
    slope = np.stack(
        [
            (height_at(network, points + d) - height_at(network, points - d)) / (2 * step)
            for d in (np.array([step, 0.0]), np.array([0.0, step]))
        ],
        axis=-1,
    )
    # Crests and corners are smoothed between their chords.
    limit = 0.02 if spec.kind == "hill" else 1e-3
    assert np.abs(-n[:, :2] / n[:, 2:] - slope).max() < limit


def test_kerb_and_verge_have_their_heights(kinds: dict[str, RoadSpec]) -> None:
    street = build_network(kinds["street"])
    edge = 3.25 + 2.2
    t = np.array([0.0, edge - 0.01, edge + 0.01, edge + 0.1, edge + 1.0, edge + 200.0])
    z = height_at(street, np.column_stack([np.full_like(t, 100.0), -t]))
    assert z == pytest.approx([0, 0, 0.06, 0.12, 0.12, 0.12 - 0.04 * 2.0])


def test_crest_is_a_raised_cosine(kinds: dict[str, RoadSpec]) -> None:
    hill = build_network(kinds["hill"])
    x = np.linspace(0, 300, 401)
    inside = np.abs(x - 150) < 80
    expected = np.where(inside, 2 * (1 + np.cos(2 * np.pi * (x - 150) / 160)), 0)
    z = height_at(hill, np.column_stack([x, np.zeros_like(x)]))
    assert np.abs(z - expected).max() < 1e-3
    assert not hill.flat


def test_ground_fills_the_view_past_both_ends(spec: RoadSpec) -> None:
    p = triangles(build_network(spec)).reshape(-1, 3)
    assert p[:, 0].min() <= -400
    assert p[:, 1].max() >= 400
    assert p[:, 1].min() <= -400


def test_bytes_do_not_depend_on_the_process_or_the_cache(spec: RoadSpec) -> None:
    first = build_network.__wrapped__(spec)
    second = build_network.__wrapped__(RoadSpec.model_validate(spec.model_dump()))
    for a, b in zip(first.surfaces, second.surfaces, strict=True):
        assert a.vertices.tobytes() == b.vertices.tobytes()
        assert a.faces.tobytes() == b.faces.tobytes()
