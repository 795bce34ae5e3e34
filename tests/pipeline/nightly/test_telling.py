"""What a night tells: its log, its traces, its table on the terminal; and no secret in any."""

from __future__ import annotations

import io
import json
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from scenegen.errors import ScenegenError
from scenegen.pipeline.nightly import journal, observing
from scenegen.pipeline.nightly.dashboard import Board
from scenegen.pipeline.nightly.journal import FIELDS, Journal
from scenegen.pipeline.nightly.redaction import without_secrets
from scenegen.pipeline.nightly.tracing import carrier, span, traced, tracing
from tests.pipeline.nightly.receiver import Receiver

log = logging.getLogger("scenegen.pipeline.nightly.night")


def attributes(made: Any) -> dict[str, str]:
    return {a.key: a.value.string_value for a in made.attributes}


@pytest.mark.slow
def test_a_night_is_a_trace_and_a_log(night, receiver: Receiver) -> None:
    import rerun  # noqa: F401 - it names itself the service of processes started later

    result = night.run(traces=True, workers=2)
    assert result.ok
    named: dict[str, list[Any]] = {}
    for made, resource in receiver.spans:
        named.setdefault(made.name, []).append(made)
        assert resource["service.name"] == "scenegen-nightly"
    assert {name: len(found) for name, found in named.items()} == {
        "night": 1,
        "scene": 4,
        "simulate": 4,
        "draw": 4,
        "label": 4,
    }
    top = named["night"][0]
    assert {made.trace_id for made, _ in receiver.spans} == {top.trace_id}
    scenes = {made.span_id: attributes(made) for made in named["scene"]}
    assert {made.parent_span_id for made in named["scene"]} == {top.span_id}
    for name in ("simulate", "draw", "label"):
        assert {scenes[m.parent_span_id]["scenegen.scene"] for m in named[name]} == {
            attributes(made)["scenegen.scene"] for made in named["scene"]
        }
    for made, _ in receiver.spans:
        assert top.start_time_unix_nano <= made.start_time_unix_nano <= made.end_time_unix_nano
    lines = [json.loads(row) for row in (night.out / "log.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines if line["event"] != "stage"] == ["begin", "due", "end"]
    stages = [line for line in lines if line["event"] == "stage"]
    assert {(line["scene"], line["stage"]) for line in stages} == {
        (f"{name}-{index:06d}", stage)
        for name in ("calm", "brisk")
        for index in (0, 1)
        for stage in ("simulate", "draw", "label")
    }
    assert all(line["seconds"] > 0 and line["worker"] for line in stages)
    assert lines[-1]["version"] == result.version.id
    assert all(
        line.keys() <= {"time", "level", "event", "message", "run", *FIELDS} for line in lines
    )
    assert not list((night.out / "store" / observing.AT_WORK).glob("*"))


def test_errors_reach_traces_without_secrets(receiver: Receiver, monkeypatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=collectors-own")
    headers: dict[str, str] = {}

    def fail() -> None:
        with tracing(True, "mine"):
            headers.update(carrier())
            with traced(headers), span("draw", scene="a-000000"):
                told = "s3://me:hidden@host/x refuses wJalrXUtnFEMI and collectors-own"
                raise ScenegenError(told)

    with pytest.raises(ScenegenError):
        fail()
    bodies = b"".join(receiver.bodies)
    for secret in (b"hidden", b"wJalrXUtnFEMI", b"collectors-own"):
        assert secret not in bodies
    failed = next(made for made, _ in receiver.spans if made.name == "draw")
    assert failed.status.message == "s3://***@host/x refuses *** and ***"
    assert failed.trace_id.hex() == headers["traceparent"].split("-")[1]


def test_without_tracing_nothing_is_carried() -> None:
    with tracing(False, "mine"), span("scene"):
        assert carrier() == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://me:pass@host/a?b=1", "https://***@host/a?b=1"),
        ("s3://bucket/key@2", "s3://bucket/key@2"),
        ("x?X-Amz-Signature=abc&X-Amz-Date=1", "x?X-Amz-Signature=***&X-Amz-Date=1"),
        ("{'password': 'p w', 'a': 1}", "{'password': ***, 'a': 1}"),
        ("Authorization: Bearer eyJhbGciOi", "Authorization: Bearer ***"),
        ("secret-of-mine is said", "*** is said"),
        ("a-000001: a car touches a wall", "a-000001: a car touches a wall"),
    ],
)
def test_what_is_blacked_out(text: str, told: str, monkeypatch) -> None:
    monkeypatch.setenv("MY_DB_PASSWORD", "secret-of-mine")
    monkeypatch.setenv("MY_TOKEN", "a")
    assert without_secrets(text) == told


def test_log_is_bounded_and_goes_by_its_level(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(journal, "MOST_BYTES", 20_000)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session-of-mine")
    with Journal(tmp_path, "warning"):
        log.info("too little")
        log.warning("s3://a:b@c and session-of-mine", extra={"scene": "session-of-mine-1"})
        for number in range(100):
            log.error("%s", "x" * 10_000, extra={"event": "e", "count": number})
        try:
            raise ScenegenError("http://a:hidden@c")
        except ScenegenError:
            log.exception("an error")
    files = sorted(tmp_path.glob("log.jsonl*"))
    assert [path.name for path in files] == [f"log.jsonl{end}" for end in ("", ".1", ".2", ".3")]
    assert all(path.stat().st_size < 25_000 for path in files)
    text = "".join(path.read_text() for path in files)
    assert "hidden" not in text
    assert "session-of-mine" not in text
    assert "too little" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert max(len(line["message"]) for line in lines) == journal.MOST_CHARACTERS
    assert json.loads(files[0].read_text().splitlines()[-1])["reason"] == (
        "ScenegenError: http://***@c"
    )


def test_a_log_that_cannot_be_written_ends_no_night(tmp_path: Path, capfd) -> None:
    (tmp_path / journal.JOURNAL).mkdir()
    with Journal(tmp_path, "info"):
        log.info("one")
        log.info("two")
    assert capfd.readouterr().err.count("can't be written; the night goes on") == 1


def board(store: Path, console: Console | None, stream: io.StringIO) -> Board:
    made = Board("make", {"simulate": 3, "draw": 4}, 4, store, stream, console)
    with made, observing.stage(store, "calm-000002", "draw"):
        made.made("calm-000000", ("simulate", "draw"), 30)
        made.made("calm-000001", ("draw",), 30)
        made.failed()
        time.sleep(0.6)
    return made


def test_table_on_a_terminal(tmp_path: Path) -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=100, record=True)
    board(tmp_path, screen, io.StringIO())
    text = screen.export_text()
    rows = {
        line.split()[1]: line.replace("│", " ").split() for line in text.splitlines() if "│" in line
    }
    assert rows["simulate"][:4] == ["simulate", "1", "1", "1"]
    assert rows["draw"][:4] == ["draw", "2", "0", "1"]
    assert f"{observing.worker_name()}" in text
    assert "calm-000002" in text
    assert "make 3/4 scenes" in text
    assert "memory" in text
    assert "disk" in text


def test_plain_lines_elsewhere(tmp_path: Path) -> None:
    stream = io.StringIO()
    board(tmp_path, None, stream)
    lines = stream.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "make 1/4 calm-000000",
        "make 2/4 calm-000001",
    ]
    assert "\x1b" not in stream.getvalue()


def test_work_of_processes_that_are_gone_is_not_shown(tmp_path: Path) -> None:
    with observing.stage(tmp_path, "calm-000000", "draw"):
        note = next((tmp_path / observing.AT_WORK).iterdir())
        told = json.loads(note.read_text())
        host = told["worker"].rpartition(":")[0]
        note.with_name("gone.json").write_text(json.dumps({**told, "worker": f"{host}:999999999"}))
        note.with_name("broken.json").write_text("{")
        assert [at.scene for at in observing.at_work(tmp_path)] == ["calm-000000"]
    observing.forget_work(tmp_path)
    assert not list((tmp_path / observing.AT_WORK).iterdir())
