"""OpenSCENARIO XML: scenes written as version 1.2, distributions of parameters read."""

from scenegen.interchange.openscenario.entities import Limits
from scenegen.interchange.openscenario.write import Derived, write_openscenario

__all__ = ["Derived", "Limits", "write_openscenario"]
