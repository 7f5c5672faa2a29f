"""The tree of errors. Every message names the thing and the remedy.

    ZhaibaoError
    ├── ConfigError           the configuration cannot be used
    │   ├── ConfigErrors      … for several reasons (errors)
    │   └── KeyFault          … because of one key of a table (key)
    ├── InputError            a file or text cannot be read
    ├── UnknownName           no such digest, edition, theme …
    ├── WrongState            a delivery is not in a state in which this can be done
    ├── FetchError            an address could not be fetched
    │   ├── ForbiddenAddress  … because requests to it are not allowed: private, other scheme or port
    │   ├── TooLarge          … within the limits of bytes and time
    │   └── BadStatus         … because the server answered an error status (status, retry_after)
    ├── SourceError           the content is not what the kind of source expects
    │   └── LimitExceeded     … or reading it exceeds a limit (name, reason)
    ├── StoreError            the database does not answer or is not ours
    │   └── StoreReplaced     … or is not the one that was opened: its file was deleted or replaced
    └── DeliveryError         a message did not arrive, or may not have arrived
        ├── TryLater          refused before it was taken; sending again is safe (retry_after) │   └──
        ServerUnreachable  … because a server does not answer or refuses us, whoever the subscriber is (whose)
        ├── RichRefused       not taken in its rich form; the plain one may be (of_all: no message is) ├──
        Rejected          refused for good │   ├── SubscriberGone  … because the subscriber is not there any
        more, or wants nothing: paused │   ├── ChatMoved     … because the chat has a new number (address) │
        └── TopicClosed   … because the topic is closed or deleted; the chat itself may take it └──
        DeliveryUnconfirmed  taken or not, nobody knows

Code at the edges translates its library's errors into these and chains them; bugs pass through unchanged.
"""

from collections.abc import Sequence

from bot.phrases import Phrase


class ZhaibaoError(Exception):
    """Base class. Its argument is a Phrase, which the command line translates, or another program's text."""


class ConfigError(ZhaibaoError):
    pass


class ConfigErrors(ConfigError):
    """Several things are wrong with the configuration: `errors` has each of them."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = tuple(errors)


class KeyFault(ConfigError):
    """The value of `key` in a table of the configuration cannot be used, or the key is not known."""

    def __init__(self, message: Phrase, key: str) -> None:
        super().__init__(message)
        self.key = key


class InputError(ZhaibaoError):
    pass


class UnknownName(ZhaibaoError):
    pass


class WrongState(ZhaibaoError):
    pass


class FetchError(ZhaibaoError):
    """`url` could not be fetched."""

    def __init__(self, url: str, reason: str | Phrase) -> None:
        super().__init__(Phrase("{url}: {reason}", url=url, reason=reason))
        self.url = url
        self.reason = reason


class ForbiddenAddress(FetchError):
    pass


class TooLarge(FetchError):
    pass


class BadStatus(FetchError):
    """The server answered with an error status; `retry_after` is in seconds, None if the server named no
    time.
    """

    def __init__(
        self, url: str, status: int, retry_after: float | None = None, *, is_challenge: bool = False
    ) -> None:
        if is_challenge:
            reason = Phrase(
                "the site checks the browser of whoever asks, which a program cannot pass ({status})",
                status=status,
            )
        elif status == 410:
            reason = Phrase(
                "the server says that there is nothing here any more, for good ({status})", status=status
            )
        else:
            reason = Phrase("the server answered {status}", status=status)
        super().__init__(url, reason)
        self.status = status
        self.retry_after = retry_after


class SourceError(ZhaibaoError):
    pass


class LimitExceeded(SourceError):
    """Reading the document `name` exceeds a limit, which `reason` names."""

    def __init__(self, name: str, reason: str | Phrase) -> None:
        super().__init__(Phrase("{name}: {reason}", name=name, reason=reason))
        self.name = name
        self.reason = reason


class StoreError(ZhaibaoError):
    pass


class StoreReplaced(StoreError):
    pass


class DeliveryError(ZhaibaoError):
    pass


class TryLater(DeliveryError):
    """Refused before it was accepted. `retry_after` is in seconds, None if the other side named no time."""

    def __init__(self, message: str | Phrase, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ServerUnreachable(TryLater):
    """`whose` names what is in trouble: a mail domain, or "" for the whole channel."""

    def __init__(self, message: str | Phrase, retry_after: float | None = None, whose: str = "") -> None:
        super().__init__(message, retry_after)
        self.whose = whose


class RichRefused(DeliveryError):
    """`of_all`: the other side does not support rich messages at all, so no other one needs to be tried."""

    def __init__(self, message: str | Phrase, *, of_all: bool) -> None:
        super().__init__(message)
        self.of_all = of_all


class Rejected(DeliveryError):
    pass


class SubscriberGone(Rejected):
    pass


class ChatMoved(Rejected):
    """A group became a supergroup: `address` is its new number."""

    def __init__(self, message: str | Phrase, address: str) -> None:
        super().__init__(message)
        self.address = address


class TopicClosed(Rejected):
    pass


class DeliveryUnconfirmed(DeliveryError):
    pass
