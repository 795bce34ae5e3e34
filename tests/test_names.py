"""Names that `import scenegen` offers."""

import json
import subprocess
import sys

CODE = """
import inspect, json, scenegen
from importlib import import_module
if {first!r}:
    import_module({first!r})
names = [name for name in scenegen.__all__ if name != "__version__"]
print(json.dumps({{name: callable(getattr(scenegen, name)) for name in names * 2}}))
"""

CALLS = """
import scenegen
from scenegen.errors import InputError
scenegen.generate
import scenegen.search
for name in ("report", "evaluate", "refine", "search"):
    try:
        getattr(scenegen, name)(no_such_key=1)
    except InputError:
        continue
    raise AssertionError(name)
scenario = scenegen.draw(scenegen.load_scenario("wet_cut_in"), 0, 0)
short = scenario.model_copy(update={"duration_s": 0.2})
assert len(scenegen.simulate(short).step) == 5
import scenegen.report.page as page
assert page is scenegen.report.page
"""


def told(code: str) -> str:
    """Return what a fresh process prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_names_stay_what_they_are_whatever_is_imported() -> None:
    for first in ("", "scenegen.api", "scenegen.report", "scenegen.simulate"):
        found = json.loads(told(CODE.format(first=first)))
        assert [name for name, fine in found.items() if not fine] == []


def test_verbs_of_subpackages_can_be_called() -> None:
    told(CALLS)
