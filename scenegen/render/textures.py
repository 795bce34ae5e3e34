"""The catalogue's tileable pictures as one array texture with mipmaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


class TextureArray:
    """Layers of one size, repeated, mipmapped and filtered anisotropically.

    Parameters
    ----------
    context : moderngl.Context
    names : tuple of str
    images : ndarray, shape (L, S, S, 4), uint8
        sRGB, with roughness in alpha; the shader decodes after filtering.
    """

    def __init__(self, context: Any, names: tuple[str, ...], images: npt.NDArray[np.uint8]) -> None:
        self._layers = {name: index for index, name in enumerate(names)}
        layers, height, width, _ = images.shape
        self.texture = context.texture_array(
            (width, height, layers), 4, np.ascontiguousarray(images)
        )
        self.texture.build_mipmaps()
        self._context = context
        self.blend(sizes=True)
        self.texture.anisotropy = 1.0
        self.texture.repeat_x = self.texture.repeat_y = True

    def blend(self, *, sizes: bool) -> None:
        """Blend between a texture's two nearest sizes, or take the nearest one at less cost."""
        near = self._context.LINEAR
        far = self._context.LINEAR_MIPMAP_LINEAR if sizes else self._context.LINEAR_MIPMAP_NEAREST
        self.texture.filter = (far, near)

    def layer(self, name: str | None) -> int:
        """Return a texture's layer, or -1 for none.

        Raises
        ------
        KeyError
            The catalogue has no texture of that name.
        """
        return -1 if name is None else self._layers[name]

    def release(self) -> None:
        """Free the texture."""
        self.texture.release()
