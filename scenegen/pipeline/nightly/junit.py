"""Gates and quarantined scenes as JUnit XML, which CI systems read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from scenegen.pipeline.drive_junit import plain

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.version import Version


def version_junit(version: Version) -> bytes:
    """Return a suite with a case for each gate, and one with each scene that couldn't be made."""
    suites = ET.Element("testsuites", name="scenegen nightly")
    broken = [gate for gate in version.gates if not gate.passed]
    suite = ET.SubElement(
        suites,
        "testsuite",
        name=f"{version.plan}.gates",
        tests=str(len(version.gates)),
        failures=str(len(broken)),
        errors="0",
    )
    for gate in version.gates:
        case = ET.SubElement(
            suite, "testcase", classname=version.plan, name=gate.name, time=f"{gate.seconds:g}"
        )
        if not gate.passed:
            ET.SubElement(case, "failure", message=plain(gate.told))
    if version.quarantined:
        count = str(len(version.quarantined))
        suite = ET.SubElement(
            suites,
            "testsuite",
            name=f"{version.plan}.quarantine",
            tests=count,
            failures="0",
            errors=count,
        )
        for scene, why in version.quarantined.items():
            case = ET.SubElement(suite, "testcase", classname=version.plan, name=scene)
            ET.SubElement(case, "error", message=plain(why))
    ET.indent(suites)
    content: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return content + b"\n"
