"""The catalogue: what everything looks like, and how its parts move."""

from scenegen.assets.alighting import SEAT, Posture, seat_offset, way_out
from scenegen.assets.alighting import SUFFIX as SEATED_SUFFIX
from scenegen.assets.appearance import person_look
from scenegen.assets.crossing_barrier import arm_shape, barrier_variant
from scenegen.assets.doors import SUFFIX as DOORS_SUFFIX
from scenegen.assets.doors import door_shape, openable
from scenegen.assets.extent import posed_bounds, solid_bounds
from scenegen.assets.footprints import footprint, under
from scenegen.assets.kinematics import body_from_parts, skeleton, skeleton_points
from scenegen.assets.lookup import AssetInfo, digest, get, in_season, list_assets, sits
from scenegen.assets.mounts import FIELD_RAD, REACH_M, Mounts, mounts_on
from scenegen.assets.packs import Credit, allowed_skies, credit, missing, sky_picture
from scenegen.assets.placed import at_detail, drawn, whole
from scenegen.assets.ranges import JOINT_RANGES, WHEEL_TRAVEL_M
from scenegen.assets.reaching import STROKE_RAD, pushed_offset, reach_for
from scenegen.assets.riding import rider_offset, riding_pose
from scenegen.assets.sign_faces import LIMITS as SPEED_LIMITS
from scenegen.assets.sign_faces import sign_code, sign_variant
from scenegen.assets.sizes import VARIANTS, Sizes, sizes_of
from scenegen.assets.textures import textures

__all__ = [
    "DOORS_SUFFIX",
    "FIELD_RAD",
    "JOINT_RANGES",
    "REACH_M",
    "SEAT",
    "SEATED_SUFFIX",
    "SPEED_LIMITS",
    "STROKE_RAD",
    "VARIANTS",
    "WHEEL_TRAVEL_M",
    "AssetInfo",
    "Credit",
    "Mounts",
    "Posture",
    "Sizes",
    "allowed_skies",
    "arm_shape",
    "at_detail",
    "barrier_variant",
    "body_from_parts",
    "credit",
    "digest",
    "door_shape",
    "drawn",
    "footprint",
    "get",
    "in_season",
    "list_assets",
    "missing",
    "mounts_on",
    "openable",
    "person_look",
    "posed_bounds",
    "pushed_offset",
    "reach_for",
    "rider_offset",
    "riding_pose",
    "seat_offset",
    "sign_code",
    "sign_variant",
    "sits",
    "sizes_of",
    "skeleton",
    "skeleton_points",
    "sky_picture",
    "solid_bounds",
    "textures",
    "under",
    "way_out",
    "whole",
]
