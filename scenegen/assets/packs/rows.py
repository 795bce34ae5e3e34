"""The allow-lists: which assets of which packages may be brought in, one row an asset."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field
from ruamel.yaml import YAML

from scenegen.errors import AssetError, nearest
from scenegen.records.base import Record, Vec3
from scenegen.resources import resource_folder

Kind = Literal["vehicle", "thing", "person", "walker"]


class Source(Record):
    """A package that rows take files from.

    Attributes
    ----------
    kind : str
        How it is fetched: ``deb`` by apt, ``wheel`` by pip, ``npm`` by npm.
    package : str
    url : str
        Where its makers can be found.
    copyleft : bool
        Whether its terms pass on to what is made of it.
    key : str
        The key of ``scenegen assets`` that names a file instead.
    """

    kind: Literal["deb", "wheel", "npm"]
    package: str
    url: str
    key: str
    copyleft: bool = False


class Lamps(Record):
    """Where lamps that a model lacks are laid on its body, shares of half width and metres.

    Attributes
    ----------
    front, rear : (inner y, outer y, low z, high z)
        Of the left lamp; y as a share of half the width, z in shares of the height.
    plate_front_z, plate_rear_z : float
        Middle of the number plates, share of the height.
    """

    front: tuple[float, float, float, float] = (0.55, 0.85, 0.40, 0.47)
    rear: tuple[float, float, float, float] = (0.62, 0.88, 0.46, 0.58)
    plate_front_z: float = 0.27
    plate_rear_z: float = 0.36


class Listed(Record):
    """What the rows of every kind say.

    Attributes
    ----------
    id, what, category : str
        As in the catalogue.
    source : str
        Key of `Pack.sources`.
    archive, model : str
        The file in the package, and the model in that file.
    licence, creator, url : str
    """

    id: str
    what: str
    category: str
    source: str
    archive: str = ""
    model: str
    licence: str
    creator: str
    url: str


class SkyRow(Listed):
    """A panorama of outdoor light that may be imported."""

    category: Literal["sky"] = "sky"


class Row(Listed):
    """One asset that may be imported.

    Attributes
    ----------
    kind : str
        How it is put together: a vehicle with wheels and lamps, a thing in one piece, a
        person who stands still, or a walker on the skeleton.
    size_m : (3,)
        Length, width, height that the model is scaled to.
    turn_deg : float
        Turn about z after the model's own axes are taken for z ahead, x left, y up.
    mass_kg : float
    triangles : int
        Of the finest level of detail.
    paint, glass, tyre, chrome, drop : tuple of str
        Names of the model's materials: what is painted in the variant's colour, what is
        glass, rubber, bright metal, and what is left out.
    pictures : tuple of str
        Further files that a model needs which lies in no archive.
    new_wheels : bool
        Whether wheels of ours take the place of the model's: where its rims are only a
        picture, or its front wheels are turned.
    axles : tuple of (x, y, radius, width)
        Where the left wheels' hubs are, from the front, of models whose tyres have no
        material of their own, or that have no wheels; they get ours.
    lift_m : float
        Height of the model's lowest point above the ground.
    """

    kind: Kind
    size_m: Vec3
    turn_deg: float = 0.0
    mass_kg: float = Field(gt=0)
    triangles: int = Field(gt=0)
    paint: tuple[str, ...] = ()
    glass: tuple[str, ...] = ()
    tyre: tuple[str, ...] = ()
    chrome: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    new_wheels: bool = False
    axles: tuple[tuple[float, float, float, float], ...] = ()
    lift_m: float = 0.0
    lamps: Lamps = Lamps()


class Pack(Record):
    """An allow-list."""

    name: str
    sources: dict[str, Source]
    assets: tuple[Row, ...] = ()
    skies: tuple[SkyRow, ...] = ()


def pack_names() -> tuple[str, ...]:
    """Return the packs that there are allow-lists of."""
    return tuple(sorted(path.stem for path in resource_folder("assets").glob("*.yaml")))


@cache
def load_pack(name: str) -> Pack:
    """Return the allow-list of a pack.

    Raises
    ------
    AssetError
        There is no such pack.
    """
    if name not in pack_names():
        raise AssetError(f"no pack is called {name!r}{nearest(name, pack_names())}")
    path = resource_folder("assets") / f"{name}.yaml"
    return Pack.model_validate(YAML(typ="safe").load(path.read_text("utf-8")))


@cache
def allowed() -> dict[str, tuple[str, Row]]:
    """Return pack and row of every asset that some pack can bring in, by id."""
    return {row.id: (name, row) for name in pack_names() for row in load_pack(name).assets}


@cache
def allowed_skies() -> dict[str, tuple[str, SkyRow]]:
    """Return pack and row of every panorama that some pack can bring in, by id."""
    return {row.id: (name, row) for name in pack_names() for row in load_pack(name).skies}
