"""OpenGL objects are given back, and missing libraries are named."""

import builtins

import moderngl
import pytest

from scenegen.errors import OpenGLError
from scenegen.records import CameraSpec
from scenegen.render import context, info, make_renderer
from scenegen.render.painter import Painter


@pytest.fixture
def living(monkeypatch):
    """Count the buffers, textures, framebuffers and vertex arrays that are alive."""
    alive = {"count": 0}
    kinds = (
        moderngl.Buffer,
        moderngl.Texture,
        moderngl.TextureArray,
        moderngl.Framebuffer,
        moderngl.VertexArray,
        moderngl.Program,
    )
    for kind in kinds:
        release = kind.release

        def released(self, _release=release):
            alive["count"] -= 1
            _release(self)

        monkeypatch.setattr(kind, "release", released)
    makers = (
        "buffer",
        "texture",
        "depth_texture",
        "texture_array",
        "framebuffer",
        "vertex_array",
        "program",
    )
    for name in makers:
        make = getattr(moderngl.Context, name)

        def made(self, *args, _make=make, **options):
            alive["count"] += 1
            return _make(self, *args, **options)

        monkeypatch.setattr(moderngl.Context, name, made)
    return alive


def test_scenes_and_the_renderer_give_back_what_they_take(living, make_world):
    scene = make_world({7: ((1.0, 1.0, 1.0), [[9.0, 0.0, 0.0]] * 5)})
    renderer = make_renderer()
    counts = []
    for _ in range(4):
        renderer.load(*scene)
        renderer.draw("front", 0)
        counts.append(living["count"])
    assert counts[0] > 0
    assert counts[1:] == counts[:-1]
    renderer.close()
    renderer.close()
    assert living["count"] == 0


def test_no_opengl_names_the_packages(monkeypatch):
    def refuse(**_):
        raise OSError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr(moderngl, "create_context", refuse)
    with pytest.raises(OpenGLError, match="libegl1 libegl-mesa0 libgl1-mesa-dri"):
        make_renderer()


def test_no_moderngl_is_named(monkeypatch):
    real = builtins.__import__

    def lacking(name, *args, **options):
        if name == "moderngl":
            raise ImportError("No module named 'moderngl'")
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(OpenGLError, match="moderngl"):
        context.create_context()


def test_info_says_who_draws():
    assert all((info().vendor, info().renderer, info().version))


def test_an_unknown_backend_is_refused():
    with pytest.raises(ValueError, match="vulkan"):
        make_renderer("vulkan")


def test_drawing_before_loading_is_refused():
    with make_renderer() as renderer, pytest.raises(RuntimeError, match="load"):
        renderer.draw("front", 0)


def test_a_picture_outlives_the_parts_it_is_put_together_of():
    with make_renderer() as renderer:
        painter = Painter(renderer._context, None, None)
        whole = painter.targets(CameraSpec(width=64, height=48).camera())
        parts = [
            painter.targets(CameraSpec(width=16 + n, height=16).camera(), "part") for n in range(40)
        ]
        whole.lit.read()
        parts[-1].lit.read()
        with pytest.raises(AttributeError):
            parts[0].lit.read()
        painter.release()
