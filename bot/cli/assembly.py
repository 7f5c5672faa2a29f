"""Builds the parts of the program for the commands."""

import asyncio
import os
import socket
import uuid
from collections.abc import Coroutine, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from bot.channels.protocol import Channel
from bot.channels.registry import CHANNELS
from bot.cli.translation import _
from bot.config.loader import load_settings
from bot.config.rows import TableRows
from bot.errors import ConfigError
from bot.fetch import Fetcher
from bot.phrases import Phrase
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from bot.render.themes import list_themes as themes
from bot.settings import FetchSettings, Secret, Settings
from bot.sources.kinds.table import KINDS
from bot.sources.robots_rules import RobotsAnswer, evaluate_robots
from bot.store import Store
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker
from summarizer import LANGUAGES

_T = TypeVar("_T")


def read_clock() -> datetime:
    return datetime.now(UTC)


def load_configuration(path: Path, digest_changes: Mapping[str, object] | None = None) -> Settings:
    """Load the file, with `digest_changes` to keys of every [[digest]]. Raises ConfigError."""
    rows = TableRows(
        kinds=KINDS,
        local_kinds=[name for name, row in KINDS.items() if not row.is_remote],
        issue_kinds=[name for name, row in KINDS.items() if row.is_issue],
        channels=CHANNELS,
        themes=sorted(themes()),
        languages=[tag for tag in LANGUAGES if tag],
    )
    return load_settings(path, os.environ, rows, digest_changes)


def open_store(settings: Settings) -> Store:
    """Open the database. Announce a new one, because its path may be wrong. Raises StoreError."""
    store = Store(settings.store_url)
    if store.is_new:
        click.echo(_("zhaibao: a new database was made: {address}", address=store.address), err=True)
    try:
        store.record_creation(read_clock())
    except BaseException:
        store.database.close()
        raise
    return store


def build_fetcher(settings: Settings | None, workers: RunInWorker) -> Fetcher:
    async def evaluate(text: str, url: str, agent: str) -> RobotsAnswer:
        return await workers(WorkItem(name=f"the robots.txt for {url}"), evaluate_robots, text, url, agent)

    fetch = settings.fetch if settings else FetchSettings()
    return Fetcher(contact=fetch.contact, allow_private=fetch.allow_private, evaluate_robots=evaluate)


def open_channels(settings: Settings) -> tuple[dict[str, Channel], tuple[Phrase, ...]]:
    """Return the channels that the destinations need, and the reasons why some cannot be opened."""
    channels: dict[str, Channel] = {}
    problems: list[Phrase] = []
    for name in sorted(settings.channels | settings.alarms.channels):
        try:
            channels[name] = CHANNELS[name].open_channel(settings)
        except ConfigError as error:
            problems.append(Phrase("{name}: {error}", name=name, error=error))
    return channels, tuple(problems)


def build_delivery_worker(settings: Settings, store: Store, channels: dict[str, Channel]) -> DeliveryWorker:
    return DeliveryWorker(
        DeliveryContext(
            store=store,
            channels=channels,
            clock=read_clock,
            configured_channels=settings.channels,
            worker=f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:64],
            channel_settings=settings.channel_settings,
        )
    )


def run_async(work: Coroutine[object, object, _T]) -> _T:
    return asyncio.run(work)


def list_secrets(settings: Settings) -> Iterable[Secret]:
    of_channels = (secret for channel in settings.channel_settings.values() for secret in channel.secrets)
    return (
        settings.store_url,
        settings.alarms.heartbeat,
        *of_channels,
        *(source.mailbox.password for source in settings.sources if source.mailbox),
    )
