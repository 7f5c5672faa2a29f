"""The service: all parts together, started anew whenever the configuration changes."""

import asyncio
import importlib.metadata
import signal
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.cli.signals import stop_on_signal
from bot.errors import ConfigError, ConfigErrors, FetchError, InputError

if TYPE_CHECKING:
    from bot.fetch import Fetcher
    from bot.operation.alarms import Alarms
    from bot.operation.metrics import OperationMetrics
    from bot.pipeline.collector import Collector
    from bot.settings import Settings
    from bot.store import Store

_log = structlog.get_logger("run")

_LOOK_SECONDS = 5.0  # between two looks at the configuration's file
_SETTLED_SECONDS = 1.0  # a file that changed within this time may be half written
_BEAT_SECONDS = 1.0
_ALARM_SECONDS = 60.0


async def run_generations(settings: "Settings", store: "Store", config: Path, *, verbose: bool) -> None:
    """Run the parts; when the configuration has changed, end them cleanly and start new ones."""
    from bot import log
    from bot.cli.assembly import list_secrets

    stop, hang_up = asyncio.Event(), asyncio.Event()
    stop_on_signal(stop.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hang_up.set)
    watcher = _ConfigurationWatcher(config, settings, hang_up)
    collector: Collector | None = None
    while not stop.is_set():
        ends = asyncio.Event()
        watching = asyncio.create_task(watcher.wait_for_change(ends))
        stopping = asyncio.create_task(_set_after(stop, ends))
        try:
            collector = await _run_parts(watcher.settings, store, ends, collector)
        finally:
            for task in (watching, stopping):
                task.cancel()
            await asyncio.gather(watching, stopping, return_exceptions=True)
        if not watcher.take_over():
            break
        log.configure_logging(list_secrets(watcher.settings), verbose=verbose)
        _log.info("configuration taken over", file=str(config))
    _log.info("stopped")


async def _set_after(event: asyncio.Event, other: asyncio.Event) -> None:
    await event.wait()
    other.set()


class _ConfigurationWatcher:
    """Notices a changed file or a SIGHUP, and checks the new configuration. `settings` are those in use."""

    def __init__(self, config: Path, settings: "Settings", hang_up: asyncio.Event) -> None:
        self._config, self.settings, self._hang_up = config, settings, hang_up
        self._next: Settings | None = None
        self._version = self._read_version()

    async def wait_for_change(self, ends: asyncio.Event) -> None:
        """Set `ends` when there is a new configuration without faults."""
        while not await self._has_new():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hang_up.wait(), _LOOK_SECONDS)
        ends.set()

    def take_over(self) -> bool:
        """Use the new configuration from now on; return False if there is none."""
        if self._next is None:
            return False
        self.settings, self._next = self._next, None
        return True

    async def _has_new(self) -> bool:
        is_asked = self._hang_up.is_set()
        self._hang_up.clear()
        version = await asyncio.to_thread(self._read_version)
        if not is_asked and (version == self._version or not _is_settled(version)):
            return False
        self._version = version
        return await asyncio.to_thread(self._load_next, is_asked)

    def _load_next(self, is_asked: bool) -> bool:
        """Load the configuration; log its faults, or that nothing has changed."""
        from bot.cli.assembly import load_configuration

        try:
            settings = load_configuration(self._config)
        except ConfigErrors as error:
            for fault in error.errors:
                _log.error("configuration refused", error=str(fault))
            return False
        except (ConfigError, InputError) as error:
            _log.error("configuration refused", error=str(error))
            return False
        if settings.store_url.reveal() != self.settings.store_url.reveal():
            _log.warning("needs a restart", setting="[store] url")
            settings = replace(settings, store_url=self.settings.store_url)
        if settings == self.settings:
            if is_asked:
                _log.info("configuration unchanged", file=str(self._config))
            return False
        self._next = settings
        return True

    def _read_version(self) -> tuple[int, int, int]:
        try:
            status = self._config.stat()
        except OSError:
            return (0, 0, 0)
        return (status.st_ino, status.st_size, status.st_mtime_ns)


def _is_settled(version: tuple[int, int, int]) -> bool:
    age = time.time() - version[2] / 1e9
    return not 0 <= age < _SETTLED_SECONDS


async def _run_parts(
    settings: "Settings", store: "Store", stop: asyncio.Event, earlier: "Collector | None"
) -> "Collector":
    """Start the parts, wait until `stop` is set, stop the parts; `earlier` knows what was read before."""
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.telegram.settings import TelegramSettings
    from bot.chat import Chat, ChatParts
    from bot.chat.background_limiter import BackgroundLimiter
    from bot.cli.assembly import build_delivery_worker, build_fetcher, open_channels, read_clock
    from bot.operation.alarms import Alarms
    from bot.operation.metrics import OperationMetrics, serve_operation
    from bot.operation.status import collect_status
    from bot.schedule import Service
    from bot.web.server import serve_site
    from bot.web.site import WebSite
    from bot.workers.worker_pool import WorkerPool

    channels, problems = open_channels(settings)
    for problem in problems:
        _log.error("channel", problem=str(problem))
    telegram = settings.get_channel_settings(TelegramSettings)
    version = importlib.metadata.version("zhaibao")
    async with (
        WorkerPool() as workers,
        build_fetcher(settings, workers.run) as fetcher,
        build_delivery_worker(settings, store, channels) as delivery_worker,
    ):
        metrics = OperationMetrics(
            lambda: collect_status(settings, store, read_clock(), version), lambda: workers.queue_length
        )
        channel = next((each for each in channels.values() if isinstance(each, TelegramChannel)), None)
        limiter = (
            BackgroundLimiter(channel.rate_limiter, lambda: delivery_worker.is_delivering, channel.clock)
            if channel
            else None
        )
        parts = ChatParts(
            settings=settings,
            store=store,
            fetcher=fetcher,
            workers=workers.run_in_background,
            read_time=read_clock,
        )
        chat = Chat(telegram, parts, limiter) if telegram.token else None
        answering = asyncio.create_task(chat.run(stop)) if chat else None
        site = WebSite(settings=settings, store=store, read_time=read_clock)
        serving = asyncio.create_task(serve_site(site, stop)) if settings.web.listen else None
        published = asyncio.Event()
        helpers = [
            asyncio.create_task(_beat(metrics)),
            asyncio.create_task(_check_alarms(Alarms(settings, store, channels, read_clock))),
            asyncio.create_task(_request_heartbeat(settings, fetcher, published)),
        ]
        service = Service(
            settings,
            store,
            fetcher,
            workers.run,
            delivery_worker,
            read_clock,
            on_published=published.set,
            measure_step=metrics.measure_step,
        )
        if earlier:
            service.collector.continue_from(earlier)
        try:
            with serve_operation(settings.operation, metrics) as port:
                if port:
                    _log.info("metrics", address=f"{settings.operation.host}:{port}")
                await service.run_until(stop)
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            if answering:
                await answering
            if serving:
                await serving
        return service.collector


async def _beat(metrics: "OperationMetrics") -> None:
    """Measure how late the event loop wakes."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(_BEAT_SECONDS)
        metrics.record_beat(max(0.0, time.monotonic() - before - _BEAT_SECONDS))


async def _check_alarms(alarms: "Alarms") -> None:
    while True:
        await asyncio.sleep(_ALARM_SECONDS)
        await alarms.check()


async def _request_heartbeat(settings: "Settings", fetcher: "Fetcher", published: asyncio.Event) -> None:
    """Request the heartbeat's address after each edition."""
    url = settings.alarms.heartbeat.reveal()
    while True:
        await published.wait()
        published.clear()
        if not url:
            continue
        try:
            await fetcher.fetch_url(url, trusted=True)
        except FetchError as error:
            _log.warning("heartbeat", error=str(error.reason))
