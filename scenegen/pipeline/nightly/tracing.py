"""Spans of a night for OpenTelemetry, sent to where the ``OTEL_…`` variables say.

A night is a trace; its scenes and their stages are spans below it, made in the processes that do
the work. Without ``traces=true`` nothing of this is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from scenegen import __version__
from scenegen.errors import InputError
from scenegen.pipeline.nightly.redaction import without_secrets

SERVICE = "scenegen-nightly"
SERVICE_KEY = "service.name"
_active: list[Any] = []
"""The provider of this process, once there is one."""


@contextmanager
def tracing(on: bool, plan: str) -> Iterator[None]:
    """Give the span of a night; what is left is sent at its end.

    Raises
    ------
    InputError
        OpenTelemetry isn't installed.
    """
    if not on:
        yield
        return
    provider = _start()
    try:
        with span("night", plan=plan):
            yield
    finally:
        provider.shutdown()
        _active.clear()


@contextmanager
def span(name: str, **attributes: str | int | float) -> Iterator[None]:
    """Give a span where there is tracing; errors that leave it are noted without secrets."""
    if not _active:
        yield
        return
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - an extra

    tracer = _active[0].get_tracer("scenegen", __version__)
    named = {f"scenegen.{key}": value for key, value in attributes.items()}
    with tracer.start_as_current_span(
        name, attributes=named, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield
        except Exception as error:
            told = without_secrets(str(error))
            made.set_status(Status(StatusCode.ERROR, told))
            kind = {"exception.type": type(error).__name__, "exception.message": told}
            made.add_event("exception", kind)
            raise


def carrier() -> dict[str, str]:
    """Return the current trace for a process elsewhere; empty where there is no tracing."""
    found: dict[str, str] = {}
    if _active:
        from opentelemetry.propagate import inject  # noqa: PLC0415

        inject(found)
        found[SERVICE_KEY] = _active[0].resource.attributes[SERVICE_KEY]
    return found


@contextmanager
def traced(headers: Mapping[str, str]) -> Iterator[None]:
    """Let spans belong to the trace of another process, and send them at the end."""
    if not headers:
        yield
        return
    from opentelemetry import context  # noqa: PLC0415
    from opentelemetry.propagate import extract  # noqa: PLC0415

    provider = _active[0] if _active else _start(headers.get(SERVICE_KEY))
    token = context.attach(extract(dict(headers)))
    try:
        yield
    finally:
        context.detach(token)
        # A process may be killed before its next scene.
        provider.force_flush()


def need_tracing() -> None:
    """Make sure that traces can be sent; InputError if they can't."""
    try:
        import opentelemetry.exporter.otlp.proto.http  # noqa: PLC0415 - an extra
        import opentelemetry.sdk  # noqa: F401, PLC0415
    except ImportError:
        raise InputError("traces=true needs the extra: pip install 'scenegen[traces]'") from None


def _start(service: str | None = None) -> Any:
    need_tracing()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource.create({"service.version": __version__})
    if service is None and resource.attributes[SERVICE_KEY].startswith("unknown_service"):
        service = SERVICE
    # Rerun sets OTEL_SERVICE_NAME for all processes started after it was loaded: a worker's own
    # environment may be wrong, so that the driver's name goes before it.
    if service is not None:
        resource = resource.merge(Resource({SERVICE_KEY: service}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _active.append(provider)
    return provider
