"""Metrics for Prometheus, and health: /metrics, /healthz and /readyz on an address of their own."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import make_wsgi_app
from prometheus_client.registry import Collector

from bot.errors import StoreError
from bot.operation.status import OperationStatus
from bot.settings import OperationSettings

_MAX_LAG_SECONDS = 30.0  # an event loop that is busy for longer answers nobody: restart it
_CACHE_SECONDS = 15.0  # status costs some queries; scrapers ask every 15 s as a rule
_STEP_SECONDS = (0.1, 0.5, 1, 5, 10, 30, 60, 300, 600)

_Labels = tuple[str, ...]
_StartResponse = Callable[[str, list[tuple[str, str]]], object]
_Environment = dict[str, object]


class OperationMetrics:
    """What is measured while the service runs. Any thread may call `load_status`."""

    def __init__(self, load_status: Callable[[], OperationStatus], measure_queue: Callable[[], int]) -> None:
        self._load_status, self._measure_queue = load_status, measure_queue
        self._lock = threading.Lock()
        self._status: OperationStatus | None = None
        self._loaded_at = 0.0
        self._beat_at = time.monotonic()
        self.registry = CollectorRegistry()
        self._lag = Gauge(
            "zhaibao_loop_lag_seconds",
            "How much later than planned the event loop woke",
            registry=self.registry,
        )
        self._durations = Histogram(
            "zhaibao_step_seconds",
            "How long a step took",
            ["step"],
            buckets=_STEP_SECONDS,
            registry=self.registry,
        )
        self.registry.register(_StatusCollector(self))

    @contextmanager
    def measure_step(self, step: str) -> Iterator[None]:
        """Measure how long the block takes, as a step of that name."""
        with self._durations.labels(step).time():
            yield

    def record_beat(self, lag_seconds: float) -> None:
        """Note that the event loop runs, and how late it was."""
        self._beat_at = time.monotonic()
        self._lag.set(lag_seconds)

    def is_alive(self) -> bool:
        return time.monotonic() - self._beat_at < _MAX_LAG_SECONDS

    def get_status(self) -> OperationStatus:
        """Return a status that is at most some seconds old. Raises StoreError."""
        with self._lock:
            if self._status is None or time.monotonic() - self._loaded_at > _CACHE_SECONDS:
                self._status = self._load_status()
                self._loaded_at = time.monotonic()
            return self._status

    def get_queue_length(self) -> int:
        return self._measure_queue()


class _StatusCollector(Collector):
    def __init__(self, metrics: OperationMetrics) -> None:
        self._metrics = metrics

    def describe(self) -> Iterable[Metric]:
        return ()  # nothing is asked of the database before the first scrape

    def collect(self) -> Iterator[Metric]:
        yield _build_gauge(
            "zhaibao_worker_queue",
            "Calls that wait for a worker process",
            [((), self._metrics.get_queue_length())],
        )
        try:
            status = self._metrics.get_status()
        except StoreError:
            yield _build_gauge("zhaibao_database_up", "Whether the database answers", [((), 0)])
            return
        yield _build_gauge("zhaibao_database_up", "Whether the database answers", [((), 1)])
        yield _build_gauge("zhaibao_build_info", "The version", [((status.version,), 1)], "version")
        yield _build_gauge("zhaibao_problems", "What needs a hand", [((), len(status.problems))])
        yield _build_gauge("zhaibao_disk_free_bytes", "Free space", [((), status.free_bytes)])
        yield _build_gauge("zhaibao_database_bytes", "Size of the SQLite file", [((), status.database_bytes)])
        yield _build_gauge(
            "zhaibao_deliveries",
            "Deliveries",
            [((str(state),), n) for state, n in status.deliveries.items()],
            "state",
        )
        yield _build_gauge(
            "zhaibao_subscribers",
            "Subscribers",
            [((state,), n) for state, n in status.subscribers.items()],
            "state",
        )
        yield from _collect_sources(status)
        yield from _collect_digests(status)


def _collect_sources(status: OperationStatus) -> Iterator[Metric]:
    ages = [
        ((source.name,), (status.now - source.read_at).total_seconds())
        for source in status.sources
        if source.read_at
    ]
    failing = [((source.name,), float(source.failing_since is not None)) for source in status.sources]
    yield _build_gauge("zhaibao_source_age_seconds", "Since the last reading without error", ages, "source")
    yield _build_gauge("zhaibao_source_failing", "Whether the source fails", failing, "source")
    read = [((source.name,), source.articles) for source in status.sources]
    printed = [((source.name,), source.printed) for source in status.sources]
    yield _build_gauge("zhaibao_source_articles", "Articles that were read and are kept", read, "source")
    yield _build_gauge("zhaibao_source_printed", "Articles that an edition printed", printed, "source")


def _collect_digests(status: OperationStatus) -> Iterator[Metric]:
    upcoming = [((digest.name,), digest.next_slot_at.timestamp()) for digest in status.digests]
    yield _build_gauge("zhaibao_next_slot_timestamp_seconds", "When the next slot opens", upcoming, "digest")
    published = [
        ((digest.name,), digest.published_at.timestamp()) for digest in status.digests if digest.published_at
    ]
    yield _build_gauge(
        "zhaibao_edition_timestamp_seconds", "When today's edition came out", published, "digest"
    )


def _build_gauge(
    name: str, text: str, values: Iterable[tuple[_Labels, float]], *labels: str
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, text, labels=labels)
    for key, value in values:
        gauge.add_metric(list(key), value)
    return gauge


class _QuietHandler(WSGIRequestHandler):
    timeout = 10  # seconds for a request

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


class _ThreadingServer(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def serve_operation(settings: OperationSettings, metrics: OperationMetrics) -> Iterator[int]:
    """Serve metrics and health while the block runs; yield the port, or 0 for none. Raises OSError."""
    if not settings.port:
        yield 0
        return
    metrics_app = make_wsgi_app(metrics.registry)

    def serve(environment: _Environment, start_response: _StartResponse) -> Iterable[bytes]:
        path = environment.get("PATH_INFO")
        if path == "/metrics":
            return cast("Iterable[bytes]", metrics_app(environment, start_response))
        if path == "/healthz":
            return _answer(start_response, metrics.is_alive(), "the event loop does not answer")
        if path == "/readyz":
            return _answer(
                start_response, metrics.is_alive() and _answers(metrics), "the database does not answer"
            )
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"/metrics /healthz /readyz\n"]

    server = make_server(
        settings.host, settings.port, serve, server_class=_ThreadingServer, handler_class=_QuietHandler
    )
    thread = threading.Thread(target=server.serve_forever, name="operation", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answers(metrics: OperationMetrics) -> bool:
    try:
        metrics.get_status()
    except StoreError:
        return False
    return True


def _answer(start_response: _StartResponse, is_well: bool, trouble: str) -> Iterable[bytes]:
    status = "200 OK" if is_well else "503 Service Unavailable"
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [b"ok\n" if is_well else f"{trouble}\n".encode()]
