"""Third step: send what is due, and record what became of it.

The order for every part is: wait for its turn, record that it is about to be sent, send it, record the
answer. A crash between the last two leaves a delivery uncertain, and only such a one: at most as many as were
in flight.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

import structlog

from bot.channels.protocol import PATIENCE_SECONDS, Arrival, Channel
from bot.channels.registry import CHANNELS
from bot.errors import (
    ChatMoved,
    DeliveryError,
    DeliveryUnconfirmed,
    Rejected,
    RichRefused,
    ServerUnreachable,
    StoreError,
    StoreReplaced,
    SubscriberGone,
    TopicClosed,
    TryLater,
    WrongState,
)
from bot.models import Delivery, DeliveryState, Message
from bot.phrases import Phrase
from bot.pipeline.batch_writer import DeliveryBatchWriter
from bot.pipeline.outage import StoreOutage
from bot.pipeline.semaphores import DeliverySemaphores
from bot.settings import ChannelSettings
from bot.store import Store
from bot.store.deliveries import DeliveryEnded, PartAccepted, PartStarted, RecordResult
from bot.store.subscribers import LEFT

_log = structlog.get_logger("deliver")

LEASE = timedelta(seconds=45)  # the claims of a dead worker end after this time
_HEARTBEAT_SECONDS = 10.0
_REGISTRATION_INTERVAL = timedelta(
    minutes=1
)  # a database with an older registration than our last one is an older copy
# Deliveries in hand for each channel. A chat rests 1 s between parts: at 30 messages a second some 31 must be
# in hand for the others to fill the pause. Claiming them by the dozen costs a fraction of sending.
_MAX_IN_HAND = 256
_FEW_IN_HAND = 8  # if no more are left, claim again after each delivery that ends
_LEASE_MARGIN = timedelta(
    seconds=15
)  # before the end of a lease: a message sent earlier is usually answered in time
_LATE_ARRIVAL = timedelta(minutes=1)  # a request that Telegram had in hand when we died is done by then
_NEVER = datetime.min.replace(tzinfo=UTC)
_MAX_CACHED_MESSAGES = 64
FIRST_RETRY_SECONDS = 30.0
LAST_RETRY_SECONDS = 1800.0
_MAX_DOUBLINGS = 8  # more than enough to reach LAST_RETRY_SECONDS
_MAX_RETRY_SECONDS = 86_400.0  # the longest wait, even if the other side requests more


_DEFAULT_SETTINGS = ChannelSettings()


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryContext:
    """What a delivery worker needs: the store, open channels by name, a clock (UTC), and a unique name.

    What waits for other channels than `configured_channels` is cancelled; None: nothing is.
    """

    store: Store
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    worker: str
    channel_settings: Mapping[str, ChannelSettings] = field(default_factory=dict)  # by the channel's name
    draw_jitter: Callable[[], float] = random.random
    configured_channels: frozenset[str] | None = None

    def get_settings(self, channel: str) -> ChannelSettings:
        return self.channel_settings.get(channel, _DEFAULT_SETTINGS)


class DeliveryWorker:
    """Delivers until nothing more is due, or until `stop()`."""

    def __init__(self, context: DeliveryContext) -> None:
        self.context = context
        self.store, self.clock = context.store, context.clock
        self.outage = StoreOutage(context.clock)
        self.batch_writer = DeliveryBatchWriter(context.store, context.worker, context.clock, self.outage)
        self.stopping = asyncio.Event()
        self.message_tasks: dict[tuple[int, str], asyncio.Task[Message]] = {}
        self.claims: dict[int, datetime] = {}  # id of a claimed delivery → end of its lease
        self.state_counts: Counter[DeliveryState] = Counter()
        self._is_registered = False
        self._registered_at = _NEVER
        self.refused_rich: set[tuple[str, int | None]] = set()  # channel and edition; None: any edition

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._is_registered:
            with suppress(StoreError):  # the next worker can prove that this one has ended
                await asyncio.to_thread(self.store.delivery_workers.remove_worker, self.context.worker)
        await asyncio.gather(
            *(channel.close() for channel in self.context.channels.values()), return_exceptions=True
        )

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the open channels."""
        return tuple(self.context.channels)

    def stop(self) -> None:
        """Finish what is being sent; begin nothing new."""
        self.stopping.set()

    def check_database(self) -> None:
        """Raise StoreReplaced if the database is no longer the one that this worker opened."""
        self.store.database.check_file()
        if not self._is_registered:
            return
        if not self.store.delivery_workers.is_registered(self.context.worker):
            raise StoreReplaced(
                Phrase(
                    "the database {database} was replaced by another one while zhaibao used it: "
                    "nothing more is sent; "
                    "start zhaibao again",
                    database=self.store.address,
                )
            )
        if self.clock() - self._registered_at >= _REGISTRATION_INTERVAL:
            self._register()

    def _register(self) -> None:
        self._registered_at = self.clock()
        self.store.delivery_workers.register_worker(self.context.worker, self._registered_at)
        self._is_registered = True

    async def deliver_due(self) -> Counter[DeliveryState]:
        """Send what is due now; return how many deliveries ended in which state. Raises StoreError."""
        self.state_counts = Counter()
        if not self._is_registered:
            await asyncio.to_thread(self._register)
        if self.context.configured_channels is not None:
            await asyncio.to_thread(
                self.store.deliveries.cancel_channels, self.context.configured_channels, self.clock()
            )
        await self._tidy_deliveries()
        await self._resolve_uncertain()
        heartbeat = asyncio.create_task(self._run_heartbeat())
        try:
            ends = await asyncio.gather(
                *(self._drain_channel(name) for name in self.context.channels), return_exceptions=True
            )
        finally:
            heartbeat.cancel()
            await asyncio.gather(heartbeat, return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end  # only now, when the other channels have finished
        return self.state_counts

    async def _resolve_uncertain(self) -> None:
        """Ask the channels what became of messages in doubt, where they can know."""
        for name, channel in self.context.channels.items():
            uncertain = await asyncio.to_thread(self.store.deliveries.list_uncertain, name, self.clock())
            for delivery in uncertain:
                message = await self._load_message(delivery)
                find = self.store.direct_messages.find_written_at
                written_at = await asyncio.to_thread(find, delivery.id)
                if written_at is None:
                    continue
                try:
                    arrival = await channel.find_arrival(delivery, message, written_at)
                except DeliveryError as error:
                    _log.info("unresolved", **_describe_delivery(delivery), error=str(error))
                    break
                if arrival.is_known:
                    await self._resolve_delivery(delivery, arrival)

    async def _resolve_delivery(self, delivery: Delivery, arrival: Arrival) -> None:
        """Settle what arrived; send again what did not, once it cannot arrive late any more."""
        actions, now = self.store.operator_actions, self.clock()
        if not arrival.receipt and now - (delivery.updated_at or now) < _LATE_ARRIVAL:
            return
        decide, note = (
            (actions.settle, arrival.receipt) if arrival.receipt else (actions.resend, "it did not arrive")
        )
        with suppress(WrongState):  # the operator or another worker was faster
            await asyncio.to_thread(decide, [delivery.id], "zhaibao", now, note)
            _log.info("resolved", **_describe_delivery(delivery), note=note)

    async def _tidy_deliveries(self) -> None:
        """Free what dead workers claimed, and give up what is too late."""
        repeatable = [name for name in CHANNELS if self._is_repeatable(name)]
        doubtful = await asyncio.to_thread(self._recover_claims, repeatable)
        for delivery in doubtful:
            _log.warning("uncertain", **_describe_delivery(delivery), error=delivery.error)
        while expired := await asyncio.to_thread(self.store.deliveries.expire_deliveries, self.clock()):
            for delivery in expired:
                _log.warning("expired", **_describe_delivery(delivery), error=delivery.error or "too late")
            self.state_counts[DeliveryState.EXPIRED] += len(expired)

    def _recover_claims(self, repeatable: Sequence[str]) -> tuple[Delivery, ...]:
        dead = self.store.delivery_workers.find_dead_workers()
        return self.store.deliveries.recover_claims(self.clock(), repeatable=repeatable, dead_workers=dead)

    def _is_repeatable(self, channel: str) -> bool:
        return CHANNELS[channel].repeatable or self.context.get_settings(channel).resends_uncertain

    async def _run_heartbeat(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT_SECONDS)
            try:
                await self.renew_claims()
            except StoreError as error:
                self.outage.report_failure(error)

    @property
    def is_delivering(self) -> bool:
        return bool(self.claims)

    async def renew_claims(self) -> None:
        """Renew the leases of what is in hand, and only those; free what other workers left behind."""
        lease_until = self.clock() + LEASE
        held = await asyncio.to_thread(
            self.store.deliveries.renew_leases, self.context.worker, tuple(self.claims), lease_until
        )
        self.claims |= {number: lease_until for number in held if number in self.claims}
        await self._tidy_deliveries()

    async def _drain_channel(self, name: str) -> None:
        """Keep the channel busy until nothing of it is due, now or in a moment."""
        waited_for: datetime | None = None
        max_in_flight = self.context.get_settings(name).max_in_flight or CHANNELS[name].in_flight
        semaphores, freed = DeliverySemaphores(max_in_flight), asyncio.Event()
        in_hand: set[asyncio.Task[None]] = set()
        enough = _MAX_IN_HAND // 2  # claim no more while more than these are in progress
        try:
            while not self.stopping.is_set():
                if len(in_hand) <= enough:
                    claimed = await self._claim_deliveries(name, _MAX_IN_HAND - len(in_hand))
                    for delivery in claimed:
                        task = asyncio.create_task(self._process_delivery(delivery, semaphores))
                        in_hand.add(task)
                        task.add_done_callback(in_hand.discard)
                        task.add_done_callback(lambda _: freed.set())
                    if not in_hand:
                        due_at = await self._find_soon_due(name)
                        if due_at is None or due_at == waited_for:
                            return
                        waited_for = due_at
                        await self._wait_for_stop((due_at - self.clock()).total_seconds())
                        continue
                    # nothing more is due, but the end of a delivery may free its destination's next one
                    enough = (
                        _MAX_IN_HAND // 2
                        if claimed
                        else max(len(in_hand) // 2, min(len(in_hand), _FEW_IN_HAND) - 1)
                    )
                freed.clear()
                await freed.wait()
        finally:
            await asyncio.gather(*in_hand)

    async def _find_soon_due(self, name: str) -> datetime | None:
        """Return when the channel's next delivery is due, if that is within PATIENCE_SECONDS."""
        due_at = await asyncio.to_thread(self.store.deliveries.find_next_due_at, name)
        soon = self.clock() + timedelta(seconds=PATIENCE_SECONDS)
        return due_at if due_at and self.clock() < due_at <= soon else None

    async def _claim_deliveries(self, name: str, limit: int) -> tuple[Delivery, ...]:
        now = self.clock()
        claim = self.store.deliveries.claim_deliveries
        claimed = await asyncio.to_thread(claim, name, self.context.worker, now, now + LEASE, limit)
        self.claims |= {delivery.id: now + LEASE for delivery in claimed}
        return await self._cancel_ended(claimed)

    async def _cancel_ended(self, claimed: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
        """Cancel the deliveries of subscriptions that have ended; return the others."""
        ended_ids = await asyncio.to_thread(self._find_ended, claimed) if claimed else frozenset()
        cancelled = [delivery for delivery in claimed if delivery.subscription_id in ended_ids]
        if not cancelled:
            return claimed
        events = [
            DeliveryEnded(
                delivery_id=delivery.id, state=DeliveryState.CANCELLED, error=LEFT, is_attempt=False
            )
            for delivery in cancelled
        ]
        await asyncio.gather(*map(self.batch_writer.record_event, events))
        for delivery in cancelled:
            _log.info("cancelled", **_describe_delivery(delivery), error=LEFT)
            self.claims.pop(delivery.id, None)
        self.state_counts[DeliveryState.CANCELLED] += len(cancelled)
        return tuple(delivery for delivery in claimed if delivery.id in self.claims)

    def _find_ended(self, claimed: tuple[Delivery, ...]) -> frozenset[int]:
        ids = {delivery.subscription_id for delivery in claimed if delivery.subscription_id is not None}
        return self.store.subscribers.find_ended(ids) if ids else frozenset()

    async def _process_delivery(self, delivery: Delivery, semaphores: DeliverySemaphores) -> None:
        """Send what can be sent of one delivery now, and record the result."""
        try:
            ended = await self._send_parts(delivery, semaphores)
            if ended is not None and (written := await self.batch_writer.record_with_retries(ended)):
                self._log_end(delivery, ended, is_news=written == RecordResult.NEWS)
        except StoreError as error:
            # Nothing can be recorded. The lease will end, and the database knows what was in flight.
            self.outage.report_failure(error)
        except Exception:
            # A bug with one delivery must not stop the others; this one is tried again when its lease ends.
            _log.exception("bug", **_describe_delivery(delivery))
        finally:
            self.claims.pop(delivery.id, None)

    async def _send_parts(self, delivery: Delivery, semaphores: DeliverySemaphores) -> DeliveryEnded | None:
        """Send the remaining parts.

        Return None if all are sent or the delivery belongs to another worker now.
        """
        if self.stopping.is_set():
            return self._return_claim(delivery, 0.0)
        message = await self._load_message(delivery)
        channel = self.context.channels[delivery.channel]
        is_repeatable = CHANNELS[delivery.channel].repeatable
        part = delivery.parts_sent
        while part < len(message.parts):
            async with semaphores.get_address_lock(delivery.address):
                if (rest := channel.measure_rest(delivery)) <= PATIENCE_SECONDS:
                    await self._wait_for_stop(rest)
                async with semaphores.slots:
                    shown = self._choose_form(delivery, message, part)
                    result = await self._send_part(delivery, shown, part)
                    if isinstance(result, str) and is_repeatable:
                        # No record preceded this part, so the slot is free only after the record of this one:
                        # a crash or a full disk then repeats at most as many parts as there are slots.
                        next_part = await self._record_part(delivery, shown, part, result)
            if not isinstance(result, str):
                return result
            if not is_repeatable:  # the start of the next part may be recorded in the same commit
                next_part = await self._record_part(delivery, shown, part, result)
            if next_part is None:
                return None
            part = next_part
        self.state_counts[DeliveryState.SENT] += 1
        return None

    async def _record_part(self, delivery: Delivery, message: Message, part: int, receipt: str) -> int | None:
        """Record that a part was accepted; return the next part, None if another worker has the delivery."""
        next_part = part + (message.parts[part].stands_for or 1)
        last = next_part == len(message.parts)
        parts = next_part - part
        accepted = PartAccepted(delivery_id=delivery.id, part=part, receipt=receipt, last=last, parts=parts)
        result: RecordResult | None = None
        try:
            result = await self.batch_writer.record_with_retries(accepted)
        finally:
            # now the connection of this part may be used for the next one: see the channel
            channel = self.context.channels[delivery.channel]
            channel.release_delivery(delivery, is_recorded=result is not None)
        if not result:
            _log.warning("late", **_describe_delivery(delivery), part=part + 1, receipt=receipt)
            return None
        _log.info(
            "sent", **_describe_delivery(delivery), part=next_part, of=len(message.parts), receipt=receipt
        )
        return next_part

    async def _send_part(self, delivery: Delivery, message: Message, part: int) -> str | DeliveryEnded | None:
        """Send one part when it is its turn.

        Return the receipt, or how the delivery ended; None as in _send_parts.
        """
        channel = self.context.channels[delivery.channel]
        try:
            await channel.ensure_ready()
            is_late = not part and self.clock() >= delivery.expires_at
            if is_late or self.stopping.is_set():
                return self._return_claim(delivery, 0.0)
            wait = channel.reserve_turn(delivery)
            if wait > PATIENCE_SECONDS or await self._wait_for_stop(wait):
                return self._return_claim(delivery, wait)
            if not await self._announce_part(delivery, message.parts[part].stands_for or 1):
                _log.warning("lost", **_describe_delivery(delivery))
                return None
            return await channel.send_part(delivery, message, part)
        except RichRefused as error:
            return self._record_rich_refusal(delivery, error)
        except DeliveryError as error:
            return self._judge_error(delivery, error)
        except StoreError:
            raise
        except Exception as error:
            _log.exception("bug", **_describe_delivery(delivery))
            # its words may contain anything, even a token
            return self._judge_error(
                delivery,
                DeliveryUnconfirmed(
                    Phrase("the program failed while sending ({name})", name=type(error).__name__)
                ),
            )

    def _choose_form(self, delivery: Delivery, message: Message, part: int) -> Message:
        """Return the rich part that begins here, unless rich parts were refused; otherwise the plain part."""
        rich = message.rich[part] if message.rich else None
        if rich is None or self.refused_rich & {
            (delivery.channel, None),
            (delivery.channel, delivery.edition_id),
        }:
            return message
        return replace(message, parts=(*message.parts[:part], rich, *message.parts[part + 1 :]))

    def _record_rich_refusal(self, delivery: Delivery, error: RichRefused) -> DeliveryEnded:
        """Nothing was accepted: send the plain parts, here and wherever the same would be refused; log it
        once.
        """
        refused = (delivery.channel, None if error.of_all else delivery.edition_id)
        if refused not in self.refused_rich:
            _log.warning("plain", channel=delivery.channel, digest=delivery.digest, error=str(error))
        self.refused_rich.add(refused)
        return self._return_claim(delivery, 0.0)

    async def _announce_part(self, delivery: Delivery, parts: int = 1) -> bool:
        """Record that a part is about to be sent; return False if the delivery belongs to another worker now.

        Where sending twice does no harm the claim is enough, as long as it holds and events can be recorded.
        """
        until = self.claims.get(delivery.id, _NEVER)
        if (
            CHANNELS[delivery.channel].repeatable
            and self.batch_writer.is_writable
            and self.clock() + _LEASE_MARGIN < until
        ):
            return True
        started = PartStarted(delivery_id=delivery.id, lease_until=self.clock() + LEASE, parts=parts)
        return bool(await self.batch_writer.record_event(started))

    async def _load_message(self, delivery: Delivery) -> Message:
        """Return the delivery's frozen message; the last few of editions are cached."""
        if delivery.edition_id is None:
            load = self.store.direct_messages.load_message
            return await asyncio.to_thread(load, delivery.direct_message_id or 0)
        key = (delivery.edition_id, delivery.channel)
        if key not in self.message_tasks:
            # cached as a task, so that all callers wait for one query
            self.message_tasks[key] = asyncio.create_task(
                asyncio.to_thread(self.store.editions.load_message, *key)
            )
            self.message_tasks[key].add_done_callback(
                lambda task: self.message_tasks.pop(key, None) if _has_failed(task) else None
            )
            while len(self.message_tasks) > _MAX_CACHED_MESSAGES:
                del self.message_tasks[next(iter(self.message_tasks))]
        return await asyncio.shield(self.message_tasks[key])

    def _return_claim(self, delivery: Delivery, wait: float) -> DeliveryEnded:
        due_at = self.clock() + timedelta(seconds=wait)
        return DeliveryEnded(
            delivery_id=delivery.id, state=DeliveryState.PENDING, due_at=due_at, is_attempt=False
        )

    async def _wait_for_stop(self, seconds: float) -> bool:
        """Wait so long, or until `stop()`; return True when it was stopped."""
        if seconds and not self.stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), seconds)
        return self.stopping.is_set()

    def _judge_error(self, delivery: Delivery, error: DeliveryError) -> DeliveryEnded:
        """Return what happens next, by what is known about the message."""
        state, due_at, address, drop_topic = DeliveryState.UNCERTAIN, None, "", False
        settings = self.context.get_settings(delivery.channel)
        match error:
            case ChatMoved():
                # at once, but not endlessly: two addresses might name each other
                due_at = self.compute_retry_at(delivery, None) if delivery.attempts else self.clock()
                state, address = DeliveryState.PENDING, error.address
            case TopicClosed() if settings.has_general_topic and delivery.topic is not None:
                state, due_at, drop_topic = DeliveryState.PENDING, self.clock(), True
            case Rejected():
                state = DeliveryState.FAILED
            case TryLater():
                state, due_at = DeliveryState.PENDING, self.compute_retry_at(delivery, error.retry_after)
            case _ if self._is_repeatable(delivery.channel):
                state, due_at = DeliveryState.PENDING, self.compute_retry_at(delivery, None)
        return DeliveryEnded(
            delivery_id=delivery.id,
            state=state,
            error=str(error),
            due_at=due_at,
            address=address,
            drop_topic=drop_topic,
            should_pause=isinstance(error, SubscriberGone),
            trouble=f"{delivery.channel} {error.whose}".strip()
            if isinstance(error, ServerUnreachable)
            else "",
        )

    def compute_retry_at(self, delivery: Delivery, retry_after: float | None) -> datetime:
        """Return the time the other side named, or twice as long as last time, up to a quarter more by
        chance.
        """
        seconds = min(FIRST_RETRY_SECONDS * 2 ** min(delivery.attempts, _MAX_DOUBLINGS), LAST_RETRY_SECONDS)
        wait = retry_after if retry_after is not None else seconds * (1 + self.context.draw_jitter() / 4)
        return self.clock() + timedelta(seconds=min(max(wait, 1.0), _MAX_RETRY_SECONDS))

    def _log_end(self, delivery: Delivery, ended: DeliveryEnded, *, is_news: bool) -> None:
        """Warn of a destination's trouble once a day; log further tries as information; always warn of giving
        up.
        """
        if not ended.is_attempt:
            return
        if ended.state != DeliveryState.PENDING:
            self.state_counts[ended.state] += 1
        again = ended.due_at.isoformat(timespec="seconds") if ended.due_at else "no"
        say = _log.warning if is_news or ended.state != DeliveryState.PENDING else _log.info
        say(str(ended.state), **_describe_delivery(delivery), error=ended.error, again=again)


def _has_failed(task: "asyncio.Task[Message]") -> bool:
    return task.cancelled() or task.exception() is not None


def _describe_delivery(delivery: Delivery) -> dict[str, object]:
    return {
        "delivery": delivery.id,
        "digest": delivery.digest,
        "edition": delivery.edition_name,
        "channel": delivery.channel,
        "to": delivery.address,
    }
