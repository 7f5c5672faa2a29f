"""The present tables; migrations/versions has the steps that lead to them."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class _UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, UTC datetimes out, on SQLite as on PostgreSQL. Refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    # SQLAlchemy's signature
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"naive datetime {value!r} offered to the store")
        return value.astimezone(UTC)

    # SQLAlchemy's signature
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _ExternalText(TypeDecorator[str]):
    """Text from outside. NUL and lone surrogates, which PostgreSQL or UTF-8 cannot hold, are replaced."""

    impl = Text
    cache_ok = True

    # SQLAlchemy's signature
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return (
            value.replace("\0", "\ufffd").encode("utf-8", "replace").decode() if value is not None else None
        )


metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("etag", _ExternalText, nullable=False, default=""),
    Column("last_modified", _ExternalText, nullable=False, default=""),
    Column("collected_at", _UtcDateTime),  # when it was last read without an error
    Column("failing_since", _UtcDateTime),
    Column("error", _ExternalText, nullable=False, default=""),
    Column("failures", Integer, nullable=False, default=0, server_default="0"),  # in a row
    Column("next_at", _UtcDateTime),  # the next attempt is not before this
    Column("alerted_at", _UtcDateTime),  # when the operator was last alerted to its failures
    Column(
        "configuration", String(64), nullable=False, default="", server_default=""
    ),  # hash of what etag belongs to
    Column(
        "moved_to", _ExternalText, nullable=False, default="", server_default=""
    ),  # by a permanent redirect
    Column(
        "moved_readings", Integer, nullable=False, default=0, server_default="0"
    ),  # in a row that led there
    Column("gone_at", _UtcDateTime),  # when its server said that it is gone for good
    Column("newest_at", _UtcDateTime),  # date of its newest item
    Column(
        "usual_gap_days", Float, nullable=False, default=0.0, server_default="0"
    ),  # between its items; 0: unknown
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("first_seen_at", _UtcDateTime, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("source", "fingerprint", name="articles_once"),
    Index("articles_by_time", "first_seen_at"),
    Index("articles_by_fingerprint", "fingerprint"),
)

entries = Table(
    "entries",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),  # SHA-256 of what identifies it
    Column("read_at", _UtcDateTime, nullable=False),
    Column(
        "failures", Integer, nullable=False, default=0, server_default="0"
    ),  # in a row, because it cost too much
    Column("retry_at", _UtcDateTime),  # when it is read again; None: it was read
)

digests = Table(
    "digests",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("first_seen_at", _UtcDateTime, nullable=False),  # slots before this cannot be missed
    Column(
        "schedule", Text, nullable=False, default="", server_default=""
    ),  # the last slot was handled by this one
    Column("covered_until", _UtcDateTime),  # slots that opened until then need no edition any more
)

database = Table(
    "database",  # one row
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column(
        "created_at", _UtcDateTime, nullable=False
    ),  # slots that opened before this do not count as missed
)

# With which addresses of people who are gone are hashed: 256 random bits in hex, one row.
hash_keys = Table(
    "hash_keys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("secret", String(64), nullable=False),
)

delivery_workers = Table(
    "delivery_workers",
    metadata,
    Column("id", Integer, primary_key=True),  # on SQLite also the byte of the lock file that the worker locks
    Column("name", String(64), nullable=False),
    Column("boot_id", String(64), nullable=False),  # see process_identity
    Column("pid_namespace", String(64), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_ticks", BigInteger, nullable=False),
    Column("registered_at", _UtcDateTime, nullable=False),
    UniqueConstraint("name", name="delivery_workers_once"),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("slot_at", _UtcDateTime, nullable=False),
    Column("name", String(32), nullable=False, default="", server_default=""),  # Edition.name
    Column("from_at", _UtcDateTime),  # the articles first seen after this …
    Column("until_at", _UtcDateTime, nullable=False),  # … until this
    # the subscriptions that it was made for; "": the digest's own edition, as in the archive
    Column("group_key", String(64), nullable=False, default="", server_default=""),
    # of wishes, span and what was printed before: editions with the same key have the same content
    Column("content_key", String(64), nullable=False, default="", server_default=""),
    Column("printed", Text),  # what it printed, as in editorial/printings.py; NULL: its document says so
    Column("created_at", _UtcDateTime, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column(
        "unfinished", Text, nullable=False, default="", server_default=""
    ),  # sources still being read, one a line
    UniqueConstraint("digest", "group_key", "slot_at", name="editions_once"),
)

printed = Table(
    "printed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column(
        "fingerprint", String(64), nullable=False
    ),  # of an article that it printed; "": the edition is indexed
    Index("printed_by_edition", "edition_id"),
    Index("printed_by_fingerprint", "fingerprint"),
)

# The folded text of articles, and of printed articles, for phrase search.
article_texts = Table(
    "article_texts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("plain", Text, nullable=False),
)
printed_texts = Table(
    "printed_texts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("plain", Text, nullable=False),
)

missed_slots = Table(
    "missed_slots",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("slot_at", _UtcDateTime, primary_key=True),
    Column("noticed_at", _UtcDateTime, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("edition_id", ForeignKey("editions.id"), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("document", Text, nullable=False),
)

# Messages that belong to no edition: confirmations, notices, answers to settings.
direct_messages = Table(
    "direct_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(130), nullable=False, default=""),  # that it is about, where it is about one
    Column("created_at", _UtcDateTime, nullable=False),
    Column("document", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id")),
    Column("direct_message_id", ForeignKey("direct_messages.id", name="deliveries_direct_message")),
    Column("kind", String(16), nullable=False, default="edition", server_default="edition"),  # MessageKind
    Column("once_key", String(64)),  # of a direct message: the same key is never sent twice
    Column("subscription_id", Integer),  # whose delivery it is, where it is a subscription's
    Column("silent", Boolean, nullable=False, default=False, server_default=false()),
    Column("destination", Text, nullable=False),  # Destination.key; "forgotten:HASH" after `forget`
    Column("channel", String(32), nullable=False),
    Column("address", Text, nullable=False),
    Column("topic", BigInteger),
    Column("state", String(16), nullable=False),
    Column("parts_sent", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", _UtcDateTime, nullable=False),
    Column("expires_at", _UtcDateTime, nullable=False),
    Column("worker", String(64), nullable=False, default=""),
    Column("lease_until", _UtcDateTime),
    Column(
        "in_flight", Boolean, nullable=False, default=False
    ),  # a part was handed over and not answered yet
    # parts that the last message replaced
    Column("parts_begun", Integer, nullable=False, default=1, server_default="1"),
    Column("error", _ExternalText, nullable=False, default=""),
    Column("updated_at", _UtcDateTime, nullable=False),
    Column(
        "name", Text, nullable=False, default="", server_default=""
    ),  # the subscriber's, where one is known
    Column(
        "unsubscribe", Text, nullable=False, default="", server_default=""
    ),  # the subscriber's own address for that
    UniqueConstraint("edition_id", "destination", name="deliveries_once"),
    UniqueConstraint("once_key", name="deliveries_once_by_key"),
    # finds waiting deliveries, oldest first, without sorting
    Index("deliveries_by_state", "state", "channel", "id"),
    Index("deliveries_by_destination", "destination", "state"),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False),  # for links; random, can be replaced
    Column("state", String(16), nullable=False),  # SubscriberState
    Column("language", String(16), nullable=False, default=""),
    Column("zone", String(64), nullable=False, default=""),
    Column("paused_until", _UtcDateTime),
    Column("created_at", _UtcDateTime, nullable=False),
    UniqueConstraint("key", name="subscribers_by_key"),
    Index("subscribers_by_state", "state", "id"),
    Index("subscribers_by_pause", "paused_until"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), nullable=False),
    Column("channel", String(32), nullable=False),
    # key, address, topic, name and unsubscribe are NULL or empty once the subscriber is forgotten
    Column("key", Text),  # Destination.key
    Column("address", Text),
    Column("topic", BigInteger),
    Column("keyed_hash", String(32), nullable=False, default=""),  # of the key, once forgotten
    Column("name", _ExternalText, nullable=False, default=""),  # for the mail's To:
    Column("unsubscribe", Text, nullable=False, default=""),  # https address for RFC 8058's POST
    Column("confirmed_at", _UtcDateTime),
    Column("gone_at", _UtcDateTime),  # when the other side said that nobody is there
    Column("gone_reason", _ExternalText, nullable=False, default=""),
    UniqueConstraint("key", name="addresses_once"),
    Index("addresses_by_subscriber", "subscriber_id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), nullable=False),
    Column("address_id", ForeignKey("addresses.id"), nullable=False),
    Column("digest", String(130), nullable=False),
    Column("state", String(16), nullable=False),  # SubscriptionState
    Column("belongs_to", Text, nullable=False, default=""),  # the file that names it; "": nobody but itself
    Column("wishes", Text, nullable=False, default=""),  # a document; "": none
    Column("wishes_key", String(32), nullable=False, default=""),  # of equal wishes; "": as the digest
    Column("next_slot_at", _UtcDateTime),  # NULL: gets nothing now
    Column("last_until_at", _UtcDateTime),  # the end of its last edition; NULL: it had none
    # ids of the editions that it got within the digest's printed_days, the oldest first: "12 57"
    Column("history", Text, nullable=False, default="", server_default=""),
    Column("created_at", _UtcDateTime, nullable=False),
    UniqueConstraint("address_id", "digest", name="subscriptions_once"),
    Index("subscriptions_by_subscriber", "subscriber_id"),
    Index("subscriptions_due", "digest", "next_slot_at", "wishes_key", "last_until_at"),
    Index("subscriptions_by_file", "belongs_to", "digest"),
)

events = Table(
    "events",  # what happened to subscribers
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), nullable=False),
    Column("at", _UtcDateTime, nullable=False),
    Column("who", _ExternalText, nullable=False),
    Column("door", String(16), nullable=False),
    Column("what", String(16), nullable=False),
    Column("details", _ExternalText, nullable=False, default=""),  # a document
    Index("events_by_subscriber", "subscriber_id", "id"),
)

suppressions = Table(
    "suppressions",  # addresses that no import and no file may subscribe again
    metadata,
    Column("keyed_hash", String(32), primary_key=True),
    Column("digest", String(130), primary_key=True, default=""),  # "": every digest
    Column("why", String(16), nullable=False),
    Column("at", _UtcDateTime, nullable=False),
)

synchronized_files = Table(
    "synchronized_files",
    metadata,
    Column("belongs_to", Text, primary_key=True),
    Column("digest", String(130), primary_key=True),
    Column("version", String(64), nullable=False),  # hash of what was synchronized
    Column("synchronized_at", _UtcDateTime, nullable=False),
)

alarms = Table(
    "alarms",  # problems that the operator was told of and that are not over
    metadata,
    Column("key", String(200), primary_key=True),
    Column("message", _ExternalText, nullable=False),
    Column("raised_at", _UtcDateTime, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("part", Integer, primary_key=True),  # counted from 0
    Column("receipt", _ExternalText, nullable=False),  # the answer of the other side
    Column("accepted_at", _UtcDateTime, nullable=False),
)

audit = Table(
    "audit",  # append-only: a trigger refuses anything else
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", _UtcDateTime, nullable=False),
    Column("who", _ExternalText, nullable=False),
    Column("act", String(16), nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("was", String(16), nullable=False),  # the delivery's state before
    Column("note", _ExternalText, nullable=False),
)

moved_addresses = Table(
    "moved",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("address", Text, primary_key=True),  # as it is in the configuration, or was
    Column("now_at", Text, nullable=False),
)

broken_destinations = Table(
    "broken",
    metadata,
    Column(
        "destination", Text, primary_key=True
    ),  # Destination.key, or a channel's name if its server is in trouble
    Column("failures", Integer, nullable=False),  # how many editions in a row were refused permanently
    Column("rests_until", _UtcDateTime, nullable=False),
    Column("alerted_at", _UtcDateTime),  # when the operator was last alerted to its trouble
    Column(
        "paused_at", _UtcDateTime
    ),  # the subscriber is gone; nothing is sent until the operator resumes it
    Column("reason", _ExternalText, nullable=False, default="", server_default=""),
    Column("delivery_id", Integer),  # the delivery whose refusal paused it
)
