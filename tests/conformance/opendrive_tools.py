"""Other programs that read OpenDRIVE, run in an environment of their own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from scenegen.records.base import F64

_CONFIG = """<Config>
  <Param name="InputFile" value="{map}"/>
  <CheckerBundle application="xodrBundle">
    <Param name="resultFile" value="{result}"/>
  </CheckerBundle>
</Config>
"""
_READ = """
import json, sys
from pyxodr.road_objects.network import RoadNetwork
roads = {}
for road in RoadNetwork(sys.argv[1], resolution=float(sys.argv[2])).get_roads():
    roads[road.id] = [
        [number, lane.id, lane.boundary_line.tolist(), lane.centre_line.tolist()]
        for number, section in enumerate(road.lane_sections)
        for lane in section.lanes
    ]
print(json.dumps(roads))
"""


def quality_checked(tools: Path, file: Path) -> tuple[dict[str, str], list[str]]:
    """Return the state of each check of the ASAM Quality Checker, and what it found."""
    result = file.with_suffix(".xqar")
    config = file.with_suffix(".config.xml")
    config.write_text(_CONFIG.format(map=file, result=result))
    subprocess.run([tools / "qc_opendrive", "-c", config], check=True, capture_output=True)
    root = ET.parse(result).getroot()
    states = {str(c.get("checkerId")): str(c.get("status")) for c in root.iter("Checker")}
    issues = [f"{issue.get('ruleUID')}: {issue.get('description')}" for issue in root.iter("Issue")]
    return states, issues


def read_by_pyxodr(tools: Path, file: Path, step_m: float) -> dict[str, Any]:
    """Return [section, lane, outer border, middle] of all lanes by road, as pyxodr has them."""
    command = [tools / "python", "-W", "ignore", "-c", _READ, file, str(step_m)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def read_by_sumo(tools: Path, file: Path) -> dict[str, F64]:
    """Return the middles (N, 2) of all lanes as SUMO's netconvert has them, by its ids."""
    net = file.with_suffix(".net.xml")
    subprocess.run(
        [
            tools / "netconvert",
            "--opendrive-files",
            file,
            "--opendrive.import-all-lanes",
            "--opendrive.curve-resolution",
            "0.5",
            "--geometry.min-radius.fix",
            "false",
            "--offset.disable-normalization",
            "--precision",
            "6",
            "--output-file",
            net,
        ],
        check=True,
        capture_output=True,
    )
    return _lanes(net)


def made_by_sumo(tools: Path, folder: Path, *options: str) -> tuple[Path, dict[str, F64]]:
    """Return an OpenDRIVE file of a network that SUMO thought up, and that network's lanes."""
    net, file = folder / "made.net.xml", folder / "made.xodr"
    exact = ["--precision", "6"]
    subprocess.run(
        [tools / "netgenerate", *options, *exact, "-o", net], check=True, capture_output=True
    )
    subprocess.run(
        [tools / "netconvert", "-s", net, *exact, "--opendrive-output", file],
        check=True,
        capture_output=True,
    )
    return file, _lanes(net)


def _lanes(net: Path) -> dict[str, F64]:
    found = {}
    for lane in ET.parse(net).getroot().iter("lane"):
        points = [[float(x) for x in p.split(",")] for p in str(lane.get("shape")).split()]
        found[str(lane.get("id"))] = np.array([p[:2] for p in points])
    return found
