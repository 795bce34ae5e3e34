"""scenegen: from a scenario YAML to a verified data set.

Importing this package loads no simulator, no OpenGL and no torch; each verb
loads what it needs when it is called.
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
