"""Which joints of a person a picture shows.

A joint lies inside of the body, so it shows where the skin over it does: the pixel that it lies in
shows one of the parts that meet in it, of the same person, no more than `FLESH_M` before it; or
it shows what lies behind the joint, which then is outside of the mesh (thin sleeves).
"""

from __future__ import annotations

from scenegen import assets
from scenegen.geometry import Camera
from scenegen.records import Asset, Frame

FLESH_M = 0.2
"""How much of their own body may be before a visible joint, along the line of sight."""
OUTSIDE, HIDDEN, VISIBLE = 0, 1, 2
"""COCO's numbers of a keypoint that isn't in the picture, is there but hidden, or visible."""


def adjoining(asset: Asset) -> dict[str, frozenset[int]]:
    """Return the parts of a person that meet in each joint of the skeleton.

    A joint at the origin of the part that it is fixed to turns that part against its parent; one
    elsewhere in it is where it ends, or goes on in its children.
    """
    fixed = assets.skeleton_points(asset)
    number = {part.name: index for index, part in enumerate(asset.parts)}
    found = {}
    for joint, (name, offset) in fixed.items():
        part = number[name]
        parent = asset.parts[part].parent
        children = {k for k, other in enumerate(asset.parts) if other.parent == part}
        beyond = {parent} if parent >= 0 and not any(offset) else children
        found[joint] = frozenset({part} | beyond)
    return found


def joint_visibility(
    frame: Frame,
    asset: Asset,
    instance_id: int,
    pixels: dict[str, tuple[float, float] | None],
    depths_m: dict[str, float],
) -> dict[str, int] | None:
    """Return 0, 1 or 2 for each joint of a person.

    Parameters
    ----------
    frame : Frame
    asset : Asset
        The person's.
    instance_id : int
    pixels : dict
        The joints' images, px.
    depths_m : dict
        The joints' depths when they are seen, in the camera's own measure of depth.

    Returns
    -------
    dict or None
        None of a backend that doesn't tell pieces.
    """
    pieces = frame.pieces
    if pieces is None:
        return None
    meet, camera = adjoining(asset), frame.camera
    found = {}
    for joint, place in pixels.items():
        if place is None or not within(camera, place):
            found[joint] = OUTSIDE
            continue
        row, column = int(place[1]), int(place[0])
        piece = int(pieces.picture[row, column])
        own = int(pieces.instance[piece]) == instance_id and int(pieces.part[piece]) in meet[joint]
        before = depths_m[joint] - float(frame.depth_m[row, column])
        found[joint] = VISIBLE if (own and before <= FLESH_M) or before < 0.0 else HIDDEN
    return found


def within(camera: Camera, place: tuple[float, float]) -> bool:
    """Say whether a place, px, lies in the picture."""
    return 0.0 <= place[0] < camera.width and 0.0 <= place[1] < camera.height
