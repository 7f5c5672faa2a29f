"""Third step: what is due goes out, and what became of it is written down.

The order for every part is: wait for its turn, record that it is about to leave, send it, record the answer. A crash
between the last two leaves a delivery in doubt, and only such a one: as many as were on their way at once.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

import structlog

from bot.channels import CHANNELS, PATIENCE_SECONDS, Channel
from bot.errors import (
    DeliveryError,
    Gone,
    Moved,
    OutOfReach,
    Rejected,
    RichRefused,
    StoreError,
    TopicClosed,
    TryLater,
    Unconfirmed,
)
from bot.models import Delivery, DeliveryState, Message
from bot.pipeline.lanes import Lanes
from bot.pipeline.ledger import Ledger
from bot.store import Store
from bot.store.deliveries import Accepted, Ended, Started, Written

log = structlog.get_logger("deliver")

LEASE = timedelta(seconds=45)  # what a dead worker held is free again after this
HEARTBEAT_SECONDS = 10.0
# Deliveries in hand per channel. A chat rests 1 s between parts: at 30 messages a second some 31 must be in hand for
# the others to fill the pause. Claiming them by the dozen costs a fraction of sending.
IN_HAND = 256
FEW = 8  # when no more than so many are left, each that ends is reason to look for more
MARGIN = timedelta(seconds=15)  # of a lease: what begins to leave now is answered before it ends, as a rule
NEVER = datetime.min.replace(tzinfo=UTC)
MESSAGES_AT_HAND = 64
FIRST_RETRY_SECONDS = 30.0
LAST_RETRY_SECONDS = 1800.0
MOST_DOUBLINGS = 8  # more than enough to reach LAST_RETRY_SECONDS
LONGEST_SECONDS = 86_400.0  # no delivery lives longer, whatever the other side asks for


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """What a post office needs: its store, open channels by name, a clock (UTC), and its own unique name."""

    store: Store
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    worker: str
    resend_uncertain: bool = False
    general_topic: bool = False  # what a closed topic refuses goes to the chat itself
    lanes: Mapping[str, int] = field(default_factory=dict)  # by channel, where it is not as its row says
    chance: Callable[[], float] = random.random


class Post:
    """Delivers until nothing more is due, or until `stop()`."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.store, self.clock = office.store, office.clock
        self.ledger = Ledger(office.store, office.worker, office.clock)
        self.stopping = asyncio.Event()
        self.messages: dict[tuple[int, str], asyncio.Task[Message]] = {}
        self.held: dict[int, datetime] = {}  # ids of claimed deliveries in hand or about to be, and until when
        self.tally: Counter[DeliveryState] = Counter()
        self.unrich: set[tuple[str, int | None]] = set()  # channel and edition; None: whichever

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(channel.close() for channel in self.office.channels.values()), return_exceptions=True)

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of those that are open."""
        return tuple(self.office.channels)

    def stop(self) -> None:
        """Let what is in hand finish; begin nothing new."""
        self.stopping.set()

    async def deliver(self) -> Counter[DeliveryState]:
        """Send what is due now; return how many deliveries ended in which state. Raises StoreError."""
        self.tally = Counter()
        await self.tidy()
        heartbeat = asyncio.create_task(self.heartbeat())
        try:
            ends = await asyncio.gather(*(self.drain(name) for name in self.office.channels), return_exceptions=True)
        finally:
            heartbeat.cancel()
            await asyncio.gather(heartbeat, return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end  # only now: the other channels have done their work
        return self.tally

    async def tidy(self) -> None:
        """Free what the dead held, and give up what came too late."""
        repeatable = [name for name in CHANNELS if self.is_repeatable(name)]
        doubtful = await asyncio.to_thread(self.store.deliveries.recover, self.clock(), repeatable=repeatable)
        for delivery in doubtful:
            log.warning("uncertain", **named(delivery), error=delivery.error)
        while expired := await asyncio.to_thread(self.store.deliveries.expire, self.clock()):
            for delivery in expired:
                log.warning("expired", **named(delivery), error=delivery.error or "too late")
            self.tally[DeliveryState.EXPIRED] += len(expired)

    def is_repeatable(self, channel: str) -> bool:
        return CHANNELS[channel].repeatable or self.office.resend_uncertain

    async def heartbeat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                await self.beat()
            except StoreError as error:
                log.error("heartbeat", error=str(error))

    async def beat(self) -> None:
        """Hold on to what is in hand, and only to that; see to what other workers left behind."""
        lease_until = self.clock() + LEASE
        held = await asyncio.to_thread(self.store.deliveries.renew, self.office.worker, tuple(self.held), lease_until)
        self.held |= {number: lease_until for number in held if number in self.held}
        await self.tidy()

    async def drain(self, name: str) -> None:
        """Keep the channel's lanes full until nothing of it is due, now or in a moment."""
        waited_for: datetime | None = None
        lanes, freed = Lanes(self.office.lanes.get(name, CHANNELS[name].lanes)), asyncio.Event()
        in_hand: set[asyncio.Task[None]] = set()
        enough = IN_HAND // 2  # while more are in hand none are claimed
        try:
            while not self.stopping.is_set():
                if len(in_hand) <= enough:
                    claimed = await self.claim(name, IN_HAND - len(in_hand))
                    for delivery in claimed:
                        task = asyncio.create_task(self.carry(delivery, lanes))
                        in_hand.add(task)
                        task.add_done_callback(in_hand.discard)
                        task.add_done_callback(lambda _: freed.set())
                    if not in_hand:
                        due_at = await self.due_soon(name)
                        if due_at is None or due_at == waited_for:
                            return
                        waited_for = due_at
                        await self.stopped_in((due_at - self.clock()).total_seconds())
                        continue
                    # nothing more is due, but what ends may make way for its destination's next one
                    enough = IN_HAND // 2 if claimed else max(len(in_hand) // 2, min(len(in_hand), FEW) - 1)
                freed.clear()
                await freed.wait()
        finally:
            await asyncio.gather(*in_hand)

    async def due_soon(self, name: str) -> datetime | None:
        """When the channel's next delivery is due, if that is within PATIENCE_SECONDS."""
        due_at = await asyncio.to_thread(self.store.deliveries.next_due_at, name)
        soon = self.clock() + timedelta(seconds=PATIENCE_SECONDS)
        return due_at if due_at and self.clock() < due_at <= soon else None

    async def claim(self, name: str, limit: int) -> tuple[Delivery, ...]:
        now = self.clock()
        claim = self.store.deliveries.claim
        claimed = await asyncio.to_thread(claim, name, self.office.worker, now, now + LEASE, limit)
        self.held |= {delivery.id: now + LEASE for delivery in claimed}
        return claimed

    async def carry(self, delivery: Delivery, lanes: Lanes) -> None:
        """Take one delivery as far as it goes now, and record where that is."""
        try:
            ended = await self.parts(delivery, lanes)
            if ended is not None and (written := await self.ledger.keep(ended)):
                self.tell(delivery, ended, is_news=written == Written.NEWS)
        except StoreError as error:
            # Nothing can be written: the lease ends by itself and tells what was in flight.
            log.error("ledger", **named(delivery), error=str(error))
        except Exception:
            # A bug with one delivery is no reason to leave the others; this one comes round when its lease ends.
            log.exception("bug", **named(delivery))
        finally:
            self.held.pop(delivery.id, None)

    async def parts(self, delivery: Delivery, lanes: Lanes) -> Ended | None:
        """Send the parts that are left. None when all are sent, or the delivery is another worker's by now."""
        if self.stopping.is_set():
            return self.handed_back(delivery, 0.0)
        message = await self.message(delivery)
        channel = self.office.channels[delivery.channel]
        part = delivery.parts_sent
        while part < len(message.parts):
            async with lanes.road(delivery.address):
                if (rest := channel.rest(delivery)) <= PATIENCE_SECONDS:
                    await self.stopped_in(rest)
                async with lanes.free:
                    shown = self.at_its_best(delivery, message, part)
                    got = await self.hand_over(delivery, shown, part)
            # Nothing is awaited between leaving the lane and what is recorded of it, here or in carry(). So the ledger
            # hears of it before it hears of the next part, and one commit serves both.
            if not isinstance(got, str):
                return got
            done = part + (shown.parts[part].stands_for or 1)
            last = done == len(message.parts)
            accepted = Accepted(delivery_id=delivery.id, part=part, receipt=got, last=last, parts=done - part)
            if not await self.ledger.keep(accepted):
                log.warning("late", **named(delivery), part=part + 1, receipt=got)
                return None
            log.info("sent", **named(delivery), part=done, of=len(message.parts), receipt=got)
            part = done
        self.tally[DeliveryState.SENT] += 1
        return None

    async def hand_over(self, delivery: Delivery, message: Message, part: int) -> str | Ended | None:
        """Send one part when its turn has come. The receipt; or what it ended with, None as in `parts`."""
        channel = self.office.channels[delivery.channel]
        try:
            await channel.ready()
            is_late = not part and self.clock() >= delivery.expires_at
            if is_late or self.stopping.is_set():
                return self.handed_back(delivery, 0.0)
            wait = channel.turn(delivery)
            if wait > PATIENCE_SECONDS or await self.stopped_in(wait):
                return self.handed_back(delivery, wait)
            if not await self.announce(delivery, message.parts[part].stands_for or 1):
                log.warning("lost", **named(delivery))
                return None
            return await channel.send(delivery, message, part)
        except RichRefused as error:
            return self.plainly(delivery, error)
        except DeliveryError as error:
            return self.verdict(delivery, error)
        except StoreError:
            raise
        except Exception as error:
            log.exception("bug", **named(delivery))
            # its words may hold anything, a token too
            return self.verdict(delivery, Unconfirmed(f"the program failed while sending ({type(error).__name__})"))

    def at_its_best(self, delivery: Delivery, message: Message, part: int) -> Message:
        """The message with a rich part at this place, where one begins here and is not known to be refused."""
        rich = message.rich[part] if message.rich else None
        if rich is None or self.unrich & {(delivery.channel, None), (delivery.channel, delivery.edition_id)}:
            return message
        return replace(message, parts=(*message.parts[:part], rich, *message.parts[part + 1 :]))

    def plainly(self, delivery: Delivery, error: RichRefused) -> Ended:
        """Nothing was taken: the plain parts go instead, here and wherever the same would be refused; told once."""
        refused = (delivery.channel, None if error.of_all else delivery.edition_id)
        if refused not in self.unrich:
            log.warning("plain", channel=delivery.channel, digest=delivery.digest, error=str(error))
        self.unrich.add(refused)
        return self.handed_back(delivery, 0.0)

    async def announce(self, delivery: Delivery, parts: int = 1) -> bool:
        """Record that a part is about to leave; False when the delivery is no longer this worker's.

        Where sending twice does no harm the claim has said enough, as long as it holds and the ledger can be written.
        """
        until = self.held.get(delivery.id, NEVER)
        if CHANNELS[delivery.channel].repeatable and self.ledger.is_well and self.clock() + MARGIN < until:
            return True
        started = Started(delivery_id=delivery.id, lease_until=self.clock() + LEASE, parts=parts)
        return bool(await self.ledger.record(started))

    async def message(self, delivery: Delivery) -> Message:
        """The delivery's message as it was frozen; the last few are kept at hand."""
        key = (delivery.edition_id, delivery.channel)
        if key not in self.messages:
            # kept as a task, so that all who want it now wait for one reading
            self.messages[key] = asyncio.create_task(asyncio.to_thread(self.store.editions.message, *key))
            self.messages[key].add_done_callback(lambda task: self.messages.pop(key, None) if failed(task) else None)
            while len(self.messages) > MESSAGES_AT_HAND:
                del self.messages[next(iter(self.messages))]
        return await asyncio.shield(self.messages[key])

    def handed_back(self, delivery: Delivery, wait: float) -> Ended:
        due_at = self.clock() + timedelta(seconds=wait)
        return Ended(delivery_id=delivery.id, state=DeliveryState.PENDING, due_at=due_at, tried=False)

    async def stopped_in(self, seconds: float) -> bool:
        """Wait so long, or until told to stop; True when told to stop."""
        if seconds and not self.stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), seconds)
        return self.stopping.is_set()

    def verdict(self, delivery: Delivery, error: DeliveryError) -> Ended:
        """What is known → what happens next."""
        state, due_at, address, drop_topic = DeliveryState.UNCERTAIN, None, "", False
        match error:
            case Moved():
                # at once, but not for ever: two addresses might name each other
                due_at = self.again_at(delivery, None) if delivery.attempts else self.clock()
                state, address = DeliveryState.PENDING, error.address
            case TopicClosed() if self.office.general_topic and delivery.topic is not None:
                state, due_at, drop_topic = DeliveryState.PENDING, self.clock(), True
            case Rejected():
                state = DeliveryState.FAILED
            case TryLater():
                state, due_at = DeliveryState.PENDING, self.again_at(delivery, error.retry_after)
            case _ if self.is_repeatable(delivery.channel):
                state, due_at = DeliveryState.PENDING, self.again_at(delivery, None)
        return Ended(
            delivery_id=delivery.id,
            state=state,
            error=str(error),
            due_at=due_at,
            address=address,
            drop_topic=drop_topic,
            pause=isinstance(error, Gone),
            trouble=f"{delivery.channel} {error.whose}".strip() if isinstance(error, OutOfReach) else "",
        )

    def again_at(self, delivery: Delivery, retry_after: float | None) -> datetime:
        """The other side's own time, or twice as long as last time, up to a quarter more by chance."""
        seconds = min(FIRST_RETRY_SECONDS * 2 ** min(delivery.attempts, MOST_DOUBLINGS), LAST_RETRY_SECONDS)
        wait = retry_after if retry_after is not None else seconds * (1 + self.office.chance() / 4)
        return self.clock() + timedelta(seconds=min(max(wait, 1.0), LONGEST_SECONDS))

    def tell(self, delivery: Delivery, ended: Ended, *, is_news: bool) -> None:
        """A destination's trouble is told once a day, not once a try; that a delivery is given up is always told."""
        if not ended.tried:
            return
        if ended.state != DeliveryState.PENDING:
            self.tally[ended.state] += 1
        again = ended.due_at.isoformat(timespec="seconds") if ended.due_at else "no"
        say = log.warning if is_news or ended.state != DeliveryState.PENDING else log.info
        say(str(ended.state), **named(delivery), error=ended.error, again=again)


def failed(task: "asyncio.Task[Message]") -> bool:
    return task.cancelled() or task.exception() is not None


def named(delivery: Delivery) -> dict[str, object]:
    return {
        "delivery": delivery.id,
        "digest": delivery.digest,
        "slot": delivery.slot.isoformat(),
        "channel": delivery.channel,
        "to": delivery.address,
    }
