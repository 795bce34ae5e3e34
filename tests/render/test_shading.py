"""How surfaces answer to light, and how light is shown: the shaders against closed forms."""

import re

import numpy as np
import pytest

from scenegen.render import programs
from scenegen.render.context import create_context
from scenegen.render.tone import CURVE, LIGHT, shown

_SIDE = 512
_SCREEN = """#version 430 core
void main() {
    gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}
"""
_HEAD = (
    f"#version 430 core\n#define CURVE vec4{CURVE}"
    + """
const struct { vec4 size; } light = { vec4(0.0, 0.0, 1.0, 1.0) };
#include "octahedron.glsl"
#include "surface.glsl"
#include "display.glsl"
uniform vec4 given;
out vec4 result;
"""
)
_REFLECTED = """
// One direction of light a pixel, evenly over the hemisphere; given: roughness, cosine of the
// view, albedo, and what is mirrored straight on.
void main() {
    vec2 u = gl_FragCoord.xy / 512.0;
    float turn = 2.0 * PI * u.x, across = sqrt(1.0 - u.y * u.y);
    vec3 view = vec3(sqrt(1.0 - given.y * given.y), 0.0, given.y);
    Surface s = Surface(vec3(0.0), 1.0, vec3(0.0, 0.0, 1.0), view, vec3(given.z), given.x, 0.0,
                        0.0, ruggedness(given.x));
    vec3 l = vec3(across * cos(turn), across * sin(turn), u.y);
    result = vec4(reflect_light(s, vec3(given.w), l), 1.0);
}
"""
_BEHIND = """
// Light from behind at a cosine; given: what comes through, that cosine, albedo.
void main() {
    vec3 view = vec3(0.0, 0.6, 0.8), l = vec3(sqrt(1.0 - given.y * given.y), 0.0, -given.y);
    Surface s = Surface(vec3(0.0), 1.0, vec3(0.0, 0.0, 1.0), view, vec3(given.z), 0.9, 0.0,
                        given.x, ruggedness(0.9));
    result = vec4(reflect_light(s, vec3(0.04), l), 1.0);
}
"""
_SHOWN = "void main() { result = vec4(encode(filmic(given.rgb)), 1.0); }"


@pytest.fixture(scope="module")
def run():
    """Return a function that runs a fragment body and gives what it wrote (side, side, 3)."""
    context = create_context()
    made = {}

    def result(body, side, given):
        if body not in made:
            text = re.sub(r'#include "(\S+)"', lambda name: programs.source(name[1]), _HEAD + body)
            program = context.program(vertex_shader=_SCREEN, fragment_shader=text)
            made[body] = program, context.vertex_array(program, [])
        program, vertices = made[body]
        picture = context.texture((side, side), 4, dtype="f4")
        target = context.framebuffer([picture])
        target.use()
        program["given"].value = tuple(given)
        vertices.render(vertices=3)
        values = np.frombuffer(picture.read(), "<f4").reshape(side, side, 4)[..., :3]
        target.release()
        picture.release()
        return values

    yield result
    context.release()


def _reflectance(run, rough, cosine, albedo, straight):
    """Share of an even light from all around that a surface throws back."""
    return 2 * np.pi * run(_REFLECTED, _SIDE, (rough, cosine, albedo, straight)).mean()


def _directions(cosine):
    """Return light from all around (side, side, 3), and the view."""
    up, turn = np.meshgrid(
        (np.arange(_SIDE) + 0.5) / _SIDE, 2 * np.pi * (np.arange(_SIDE) + 0.5) / _SIDE
    )
    level = np.sqrt(1 - up**2)
    light = np.stack([level * np.cos(turn), level * np.sin(turn), up], axis=-1)
    return light, np.array([np.sqrt(1 - cosine**2), 0.0, cosine])


def _mirrored_by_facets(rough, cosine, straight):
    """Integrate GGX with Smith's correlated shadowing (Heitz 2014) and Schlick's Fresnel."""
    light, view = _directions(cosine)
    half = light + view
    half /= np.linalg.norm(half, axis=-1, keepdims=True)
    a2 = rough**4
    facets = a2 / np.pi / (half[..., 2] ** 2 * (a2 - 1) + 1) ** 2
    shadows = sum((np.sqrt(1 + a2 * (1 / c**2 - 1)) - 1) / 2 for c in (light[..., 2], cosine))
    fresnel = straight + (1 - straight) * (1 - (half * view).sum(axis=-1)) ** 5
    return 2 * np.pi * (facets / (4 * cosine) / (1 + shadows) * fresnel).mean()


def _thrown_back(sigma, cosine, straight):
    """Integrate Oren and Nayar's model in Fujii's form, less what is mirrored on the way in."""
    light, view = _directions(cosine)
    nl, back = light[..., 2], light @ view
    toward = back - nl * cosine
    toward = np.where(toward > 0.0, toward / np.maximum(nl, cosine), toward)
    grazing = (1.0 - np.sqrt((1.0 + back) / 2.0)) ** 5
    enters = (1.0 - straight) * (1.0 - grazing)
    return 2.0 * (nl * (1.0 + sigma * toward) / (1.0 + 0.1 * sigma) * enters).mean()


@pytest.mark.parametrize("cosine", [0.2, 0.6, 1.0])
@pytest.mark.parametrize("rough", [0.28, 0.5, 1.0])
def test_mirroring_follows_the_theory_of_facets(run, rough, cosine):
    for straight in (0.04, 1.0):
        expected = _mirrored_by_facets(rough, cosine, straight)
        assert _reflectance(run, rough, cosine, 0.0, straight) == pytest.approx(expected, rel=0.25)


@pytest.mark.parametrize("cosine", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("rough", [0.28, 0.5, 1.0])
def test_a_surface_throws_back_no_more_than_it_gets(run, rough, cosine):
    """The white furnace: what absorbs nothing may lose a little between its facets."""
    assert _reflectance(run, rough, cosine, 0.0, 1.0) <= 1.01
    # At grazing views light that comes out again from below is not all taken off.
    white, black = (_reflectance(run, rough, cosine, albedo, 0.04) for albedo in (1.0, 0.0))
    assert white <= (1.17 if cosine < 0.5 else 1.01)
    sigma = 0.4 if rough == 1.0 else 0.0
    assert white - black == pytest.approx(_thrown_back(sigma, cosine, 0.04), rel=2e-3)


@pytest.mark.parametrize("cosine", [0.2, 0.9])
def test_leaves_pass_on_what_falls_on_their_other_side(run, cosine):
    """As a matt surface, by the cosine there; other surfaces pass on nothing."""
    passed = run(_BEHIND, 1, (0.6, cosine, 0.5, 0.0)).mean()
    assert passed == pytest.approx(0.6 * 0.5 / np.pi * cosine, rel=0.15)
    assert run(_BEHIND, 1, (0.0, cosine, 0.5, 0.0)).max() == 0.0


def _show(run, color):
    return run(_SHOWN, 1, (*color, 0.0))[0, 0]


def test_far_above_white_every_hue_burns_out_to_white(run):
    for color in ((1.0, 0.1, 0.0), (0.0, 0.5, 1.0)):
        shown = _show(run, 40.0 * np.array(color))
        assert shown.min() > 0.85
        # Mid-tones keep theirs.
        kept = _show(run, 0.3 * np.array(color))
        assert kept.min() < 0.35 * kept.max()


def test_brighter_light_is_never_shown_darker(run):
    levels = np.geomspace(1e-4, 60.0, 80)
    shown = np.array([_show(run, (v, v, v))[1] for v in levels])
    assert (np.diff(shown) >= 0).all()
    assert shown[0] < 0.01
    assert shown[-1] > 0.998


def test_shaders_and_imagers_follow_one_curve(run):
    light = np.concatenate([np.linspace(0.0, 1.2, 60), np.geomspace(1e-4, 50.0, 40)]).astype("f4")
    by_shader = 255.0 * np.array([_show(run, (v, v, v))[1] for v in light])
    # Roots stand for the power of sRGB there, and levels are whole numbers here.
    np.testing.assert_allclose(by_shader, shown(light), atol=0.62)


def test_display_values_come_back_from_light():
    np.testing.assert_array_equal(shown(LIGHT), np.arange(256))


def test_pictures_have_more_contrast_than_light_and_a_white():
    """As cameras' pictures do: a slope above one around grey, white within three stops of it."""
    levels = shown(np.array([0.09, 0.18, 0.36, 8 * 0.18], dtype="f4")) / 255.0
    linear = ((levels + 0.055) / 1.055) ** 2.4
    assert 1.1 < np.log2(linear[2] / linear[0]) / 2.0 < 1.6
    assert levels[3] == 1.0
