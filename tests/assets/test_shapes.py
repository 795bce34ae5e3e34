"""The toolkit: closed shapes face outward, crease normals, draping, textures."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.assets import lofts, shapes, textures, triangles
from scenegen.assets.carbody import CarShape, greenhouse, lower_body
from scenegen.assets.flesh import hips, limb, shoe, skull, trunk
from scenegen.assets.materials import WOOD, linear
from scenegen.assets.noise import periodic_noise
from scenegen.assets.panels import panel
from scenegen.assets.surfaces import drape, surface
from scenegen.assets.triangles import join
from scenegen.assets.vehicles import COMPACT, ESTATE, SEDAN, SUV, VAN
from scenegen.seeds import named_generator


def _open_edges(shape: triangles.Geometry) -> int:
    """Count directed edges without their opposite, after welding."""
    _, weld = np.unique(np.round(shape.vertices, 6), axis=0, return_inverse=True)
    faces = weld.ravel()[shape.faces]
    faces = faces[(faces != np.roll(faces, 1, axis=1)).all(axis=1)]
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    keys, counts = np.unique(edges, axis=0, return_counts=True)
    table = {(int(a), int(b)): int(c) for (a, b), c in zip(keys, counts, strict=True)}
    return sum(abs(c - table.get((b, a), 0)) for (a, b), c in table.items())


CLOSED = {
    "box": (shapes.box((1, 2, 3)), 6.0),
    "rounded box": (shapes.rounded_box((1, 1, 1), 0.01), 1.0),
    "cylinder": (lofts.cylinder(1.0, 2.0, 64), 2 * np.pi),
    "cylinder y": (lofts.cylinder(1.0, 2.0, 64, "y"), 2 * np.pi),
    "cylinder x": (lofts.cylinder(1.0, 2.0, 64, "x"), 2 * np.pi),
    "sphere": (shapes.sphere(1.0, 48, 32), 4 * np.pi / 3),
    "torus": (
        lofts.ring([(1.1, -0.1), (1.1, 0.1), (0.9, 0.1), (0.9, -0.1)], 96),
        0.04 * 2 * np.pi,
    ),
    "prism": (lofts.extrude([(0, 0), (2, 0), (2, 1), (1, 0.2), (0, 1)], 1.0), 1.2),
    "prism cw": (lofts.extrude([(0, 1), (2, 1), (2, 0), (0, 0)], 1.0, "x"), 2.0),
    "column": (lofts.column([(0, 0, 0, 1, 1), (1, 0, 0, 1, 1)], 64), np.pi),
    "tube": (lofts.tube([(0, 0, 0), (0, 0, 1), (0, 0, 2)], 1.0, 64), 2 * np.pi),
    "mirror": (shapes.box((1, 2, 3)).moved(y=4).mirrored(), 6.0),
}


@pytest.mark.parametrize("name", CLOSED)
def test_closed_shapes_have_their_volume_and_no_open_edge(name: str) -> None:
    shape, volume = CLOSED[name]
    assert triangles.volume(shape) == pytest.approx(volume, rel=0.02)
    assert _open_edges(shape) == 0


BODIES = {
    "skull": skull(),
    "trunk": trunk(True, 1.1, 0.006),
    "hips": hips(False, 0.95, 0.0),
    "limb": limb([(-0.2, 0, 0.03, 0.03), (0, 0, 0.05, 0.04)], 6),
    "shoe": shoe(0.039)[0],
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_are_closed_and_face_outward(name: str) -> None:
    assert triangles.volume(BODIES[name]) > 0
    assert _open_edges(BODIES[name]) == 0


@pytest.mark.parametrize(
    "kind", [SEDAN, COMPACT, ESTATE, SUV, VAN], ids=lambda k: str(k.shape.length)
)
def test_car_skins_are_closed(kind: object) -> None:
    shape: CarShape = kind.shape  # type: ignore[attr-defined]
    whole = join(lower_body(shape))
    assert 1.5 < triangles.volume(whole) < 12.0
    assert _open_edges(whole) == 0
    cabin = greenhouse(shape)
    assert triangles.volume(cabin) > 0.8
    assert _open_edges(cabin) == 0
    top = cabin.vertices[:, 2].max()
    assert top == pytest.approx(shape.roof_z, abs=0.01)


def test_crease_angle_decides_between_sharp_and_smooth() -> None:
    cube = shapes.box((1, 1, 1))
    assert len(surface(cube, WOOD, "static", 0.7).vertices) >= 24
    ball = shapes.sphere(1.0, 24, 16)
    s = surface(ball, WOOD, "static", 0.7)
    np.testing.assert_allclose(s.normals, s.vertices, atol=0.03)


def test_surface_drops_triangles_without_area() -> None:
    flat = triangles.geometry([(0, 0, 0), (1, 0, 0), (0, 1, 0), (2, 0, 0)], [[0, 1, 2], [0, 1, 3]])
    assert len(surface(flat, WOOD, "static", 0.7).faces) == 1


def test_drape_lies_in_front_of_its_target_and_refuses_to_miss() -> None:
    ball = shapes.sphere(1.0, 64, 48)
    start = np.array([[5.0, 0.0, 0.0], [5.0, 0.3, 0.2]])
    laid = drape(ball, start, (-1, 0, 0), 0.01)
    radius = np.linalg.norm(laid - [0.01, 0, 0], axis=1)
    np.testing.assert_allclose(radius, 1.0, atol=0.004)
    with pytest.raises(ValueError, match="misses"):
        drape(ball, np.array([[5.0, 2.0, 0.0]]), (-1, 0, 0))
    sheet = panel(ball, [(0, -0.3, 0), (0, 0.3, 0), (0, 0.3, 0.3), (0, -0.3, 0.3)], (-1, 0, 0))
    a, b, c = np.moveaxis(sheet.vertices[sheet.faces], 1, 0)
    assert (np.cross(b - a, c - a)[:, 0] > 0).all()


def test_linear_light_of_srgb() -> None:
    assert linear("ffffff") == pytest.approx((1.0, 1.0, 1.0))
    assert linear("808080")[0] == pytest.approx(0.2159, abs=1e-4)


def test_textures_tile() -> None:
    names, images = textures()
    assert images.shape == (len(names), 512, 512, 4)
    assert images.dtype == np.uint8
    assert {"asphalt", "paving", "concrete", "grass", "bark", "leaves", "roof"} <= set(names)
    for name, image in zip(names, images.astype(float), strict=True):
        for axis in (0, 1):
            inner = np.abs(np.diff(image, axis=axis)).mean(axis=(1 - axis, 2))
            seam = np.abs(image.take(0, axis=axis) - image.take(-1, axis=axis)).mean()
            # The step over the edge is one of the steps that occur within the tile.
            assert seam <= inner.max() + 1.0, (name, axis)


def test_noise_is_continuous_over_the_edge() -> None:
    field = periodic_noise(named_generator("test"), 3.0, 2.5)
    inner = np.abs(np.diff(field, axis=0)).max()
    assert np.abs(field[0] - field[-1]).max() <= 1.5 * inner
