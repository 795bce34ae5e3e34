"""OpenSCENARIO XML: scenes written as version 1.2, distributions of parameters read."""

from scenegen.interchange.openscenario.distributions import LogNormal
from scenegen.interchange.openscenario.entities import Limits
from scenegen.interchange.openscenario.read import read_parameters
from scenegen.interchange.openscenario.write import Derived, write_openscenario

__all__ = ["Derived", "Limits", "LogNormal", "read_parameters", "write_openscenario"]
