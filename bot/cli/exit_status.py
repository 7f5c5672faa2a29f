"""The exit statuses of the commands."""

from bot.errors import BadStatus, DeliveryError, FetchError, ForbiddenAddress, StoreError, ZhaibaoError

UNREACHABLE = 1  # an external service does not answer or refuses
UNUSABLE = 2  # the input cannot be used
INTERRUPTED = 130  # Ctrl-C: the same number as in shells


def choose_exit_status(error: ZhaibaoError) -> int:
    if isinstance(error, ForbiddenAddress):
        return UNUSABLE
    return UNREACHABLE if isinstance(error, FetchError | BadStatus | StoreError | DeliveryError) else UNUSABLE
