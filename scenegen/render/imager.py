"""From the light of a picture to what a sensor makes of it: colours alone, never truth.

What moves is drawn at several moments whose light is added up. The display values of that are
taken back to light, blurred by defocus, dimmed towards the corners, counted as electrons behind
a colour mosaic, interpolated, shown again, compressed.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera
from scenegen.records import Frame, ImagerSpec
from scenegen.render.defocus import defocused
from scenegen.render.tone import F32, LIGHT, shown

U8 = npt.NDArray[np.uint8]

MOST_STEPS = 12
_STEP_PX = 2.0
"""Moments that motion blur is made of lie no further apart, for nearly all pixels."""
_LEVELS = 4095.0
"""Of the converter: 12 bits."""


def moments(spec: ImagerSpec, frame: Frame, frame_s: float) -> npt.NDArray[np.float64]:
    """Return the times (N,) s around a frame's own at which its light is taken.

    Parameters
    ----------
    spec : ImagerSpec
    frame : Frame
        Says by its flow how many moments there must be.
    frame_s : float
        Time to the next frame.
    """
    if spec.shutter_s is None or frame.flow_px is None or frame.flow_valid is None:
        return np.zeros(1)
    length = np.linalg.norm(frame.flow_px, axis=-1)
    actors = frame.flow_valid & (frame.instance > 0)
    groups = [length[chosen] for chosen in (frame.flow_valid, actors) if chosen.any()]
    longest = max((float(np.quantile(group, 0.95)) for group in groups), default=0.0)
    steps = np.ceil(longest * spec.shutter_s / frame_s / _STEP_PX)
    count = int(np.clip(steps, 1, MOST_STEPS))
    return np.asarray(((np.arange(count) + 0.5) / count - 0.5) * spec.shutter_s)


def taken(
    picture: U8,
    frame: Frame,
    spec: ImagerSpec,
    dark: float,
    generator: np.random.Generator,
) -> U8:
    """Return the picture (H, W, 3) that an imager makes.

    Parameters
    ----------
    picture : ndarray, shape (H, W, 3), uint8
        Of the light at the `moments` of the exposure.
    frame : Frame
        Gives depths and the camera.
    spec : ImagerSpec
    dark : float
        0 by day to 1 where there is hardly any light: the gain if none is given.
    generator : numpy.random.Generator
        Of the noise.
    """
    light = LIGHT[picture]
    if spec.f_number is not None:
        light = defocused(light, frame.depth_m, frame.camera, spec)
    light *= falloff(frame.camera, spec.vignetting)[..., None]
    if spec.bayer:
        gain = 16.0**dark if spec.gain is None else spec.gain
        light = counted(light, spec, gain, generator)
    picture = shown(light)
    picture[~np.isfinite(frame.camera.pixel_rays()[..., 0])] = 0
    return picture if spec.jpeg is None else compressed(picture, spec.jpeg)


def compressed(picture: U8, quality: int) -> U8:
    """Return a picture (H, W, 3) as a JPEG of some quality leaves it."""
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    found = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert found is not None
    return np.ascontiguousarray(found[..., ::-1], dtype=np.uint8)


def falloff(camera: Camera, vignetting: float) -> F32:
    """Return the share of light (H, W) that arrives, as a cosine to the fourth has it.

    That is 1 / (1 + c r²)² at the distance r from the middle; c is such that the corners lack
    what `vignetting` says.
    """
    middle = np.array([camera.width, camera.height]) / 2
    r2 = (((camera.pixel_centres() - middle) ** 2).sum(axis=-1) / (middle**2).sum()).astype("f4")
    c = 1 / np.sqrt(1 - vignetting) - 1
    return np.asarray(1 / (1 + np.float32(c) * r2) ** 2)


def counted(light: F32, spec: ImagerSpec, gain: float, generator: np.random.Generator) -> F32:
    """Return light (H, W, 3) as counted by a sensor behind a Bayer mosaic, and interpolated.

    Electrons arrive by chance (Poisson), and reading them adds noise of its own; at a gain of
    g the converter's range ends at a g-th of the full well.
    """
    height, width = light.shape[:2]
    capacity = spec.full_well_e / gain
    light = cv2.GaussianBlur(light, (0, 0), _LOW_PASS_PX, borderType=cv2.BORDER_REPLICATE)
    channel = _BAYER[np.arange(height)[:, None] % 2, np.arange(width) % 2]
    arriving = np.take_along_axis(light, channel[..., None], axis=-1)[..., 0] / _BRIGHTEST
    electrons = generator.poisson(arriving.astype(np.float64) * capacity)
    read = electrons + spec.read_noise_e * generator.standard_normal((height, width))
    # The converter starts below nothing, or the noise of the dark would lighten it.
    level = np.clip(np.rint(read / capacity * (_LEVELS - _BLACK)) + _BLACK, 0, _LEVELS)
    colors = cv2.demosaicing(level.astype(np.uint16), cv2.COLOR_BayerRGGB2RGB_EA)
    value = (colors.astype(np.float32) - np.float32(_BLACK)) * (_BRIGHTEST / (_LEVELS - _BLACK))
    return np.asarray(np.maximum(value, 0.0), dtype=np.float32)


_BAYER = np.array([[0, 1], [1, 2]])
_BLACK = 64.0
_BRIGHTEST = float(LIGHT[-1])
_LOW_PASS_PX = 0.5
"""What the filter before a mosaic spreads light by, or fine edges would be coloured."""
