"""ASAM OpenLABEL 1.0.0: a file for each scene, with all sensors on one clock."""

from scenegen.exports.openlabel.read import OpenLabelObject, OpenLabelScene, read_openlabel
from scenegen.exports.openlabel.write import write_openlabel

__all__ = ["OpenLabelObject", "OpenLabelScene", "read_openlabel", "write_openlabel"]
