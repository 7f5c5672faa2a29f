"""Metrics and health, asked over HTTP as a scraper asks."""

import socket
import urllib.error
import urllib.request
from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.models import DeliveryState
from bot.operation.metrics import OperationMetrics, serve_operation
from bot.operation.status import OperationStatus, collect_status
from bot.settings import OperationSettings
from bot.store import Store
from tests.fakes import NOON
from tests.operation.test_alarms import settings as settings
from tests.store.samples import freeze, to


def find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def ask(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_metrics_count_what_the_database_holds(settings, store: Store) -> None:
    store.record_creation(NOON)
    freeze(store, to("1"), to("2"))
    store.sources.record_success("news", NOON - timedelta(seconds=90))
    metrics = OperationMetrics(lambda: collect_status(settings, store, NOON, "1.2.3"), lambda: 3)
    metrics.record_beat(0.25)
    with metrics.measure_step("publish"):
        pass
    with serve_operation(OperationSettings(port=find_port()), metrics) as port:
        status, text = ask(port, "/metrics")
    assert status == 200
    lines = text.splitlines()
    for line in (
        f'zhaibao_deliveries{{state="{DeliveryState.PENDING}"}} 2.0',
        'zhaibao_source_age_seconds{source="news"} 90.0',
        'zhaibao_build_info{version="1.2.3"} 1.0',
        "zhaibao_loop_lag_seconds 0.25",
        "zhaibao_worker_queue 3.0",
        'zhaibao_step_seconds_count{step="publish"} 1.0',
        "zhaibao_database_up 1.0",
    ):
        assert line in lines, line


def test_health_and_readiness_say_what_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> OperationStatus:
        raise StoreError("the database does not answer")

    metrics = OperationMetrics(fail, lambda: 0)
    with serve_operation(OperationSettings(port=find_port()), metrics) as port:
        assert ask(port, "/healthz") == (200, "ok\n")
        assert ask(port, "/readyz")[0] == 503
        assert "zhaibao_database_up 0.0" in ask(port, "/metrics")[1]
        monkeypatch.setattr(metrics, "is_alive", lambda: False)
        assert ask(port, "/healthz")[0] == 503
        assert ask(port, "/elsewhere")[0] == 404


def test_without_a_port_nothing_is_served() -> None:
    metrics = OperationMetrics(lambda: pytest.fail("asked"), lambda: 0)
    with serve_operation(OperationSettings(), metrics) as port:
        assert port == 0
