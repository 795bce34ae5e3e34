"""Road textures continue over their edges, and worn paint is still paint."""

import numpy as np
import pytest

from scenegen.assets import textures


def _layer(name):
    names, images = textures()
    return images[names.index(name)].astype(float)


@pytest.mark.parametrize("name", ["asphalt", "road_paint"])
@pytest.mark.parametrize("axis", [0, 1])
def test_tiles_have_no_seam(name, axis):
    grey = _layer(name)[..., :3].mean(axis=-1)
    step = np.abs(np.diff(grey, axis=axis)).mean(axis=1 - axis)
    edge = np.abs(np.take(grey, 0, axis) - np.take(grey, -1, axis)).mean()
    assert edge < step.max() * 1.1


def test_paint_is_partly_gone_and_mostly_there():
    paint, asphalt = _layer("road_paint")[..., 1], _layer("asphalt")[..., 1]
    bare = (paint < np.percentile(asphalt, 95) * 1.3).mean()
    assert 0.03 < bare < 0.3
    assert np.median(paint) > 1.8 * np.median(asphalt)
