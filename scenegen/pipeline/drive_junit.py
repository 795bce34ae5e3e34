"""Episodes as JUnit XML, which CI systems read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from scenegen.drive import EpisodeRecord

_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold."""


def junit_xml(agent: str, records: Sequence[EpisodeRecord], errors: Mapping[str, str]) -> bytes:
    """Return a suite for each scenario with a case for each episode.

    A violated criterion is a failure; an agent that could not go on, or an episode that could
    not be run, an error.
    """
    suites = ET.Element("testsuites", name="scenegen drive")
    for scenario in dict.fromkeys(record.scenario for record in records):
        own = [record for record in records if record.scenario == scenario]
        broken = [record for record in own if _breaks(record)]
        suite = ET.SubElement(
            suites,
            "testsuite",
            name=scenario,
            tests=str(len(own)),
            failures=str(sum(record.failed for record in own) - len(broken)),
            errors=str(len(broken)),
        )
        for record in own:
            _case(suite, agent, record)
    if errors:
        suite = ET.SubElement(
            suites, "testsuite", name="not run", tests=str(len(errors)), failures="0",
            errors=str(len(errors)),
        )  # fmt: skip
        for scene, why in errors.items():
            case = ET.SubElement(suite, "testcase", classname="not run", name=scene)
            ET.SubElement(case, "error", message=plain(why))
    ET.indent(suites)
    content: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _case(suite: ET.Element, agent: str, record: EpisodeRecord) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{record.scenario}.{plain(agent)}",
        name=record.scene_id,
        time=f"{record.duration_s:g}",
    )
    if _breaks(record):
        ET.SubElement(case, "error", message=plain(record.termination))
    elif record.failed:
        told = [f"{name} {record.criteria[name]:g}" for name in record.violated]
        failure = ET.SubElement(case, "failure", message=", ".join(told))
        failure.text = "\n".join(
            f"{hit.time_s:.2f} s: {hit.name or hit.category} at {hit.closing_mps:.1f} m/s, "
            f"ego's {hit.ego_part}"
            for hit in record.impacts
        )


def _breaks(record: EpisodeRecord) -> bool:
    return record.termination.startswith(("agent: ", "simulation: "))


def plain(text: str) -> str:
    """Return a text without what XML can't hold."""
    return _CONTROL.sub("?", text)
