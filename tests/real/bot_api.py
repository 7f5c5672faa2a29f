"""A strict stand-in for Telegram's Bot API server on loopback, for python-telegram-bot and for `zhaibao run`.

    with Double() as double:
        double.add(Chat(id=7))
        Application.builder().token(double.token).base_url(double.base_url)

It refuses what the real server refuses (bot_api_rules), keeps what it took (`messages`), and misbehaves when
told to: `flood`, `fail`, `ignore`, `reset`, `lose_reply`, `hold_reply`. `limits = Limits()` enforces the
documented limits.
"""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Self
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.real.bot_api_administration import ADMINISTRATION
from tests.real.bot_api_extras import EXTRAS, read_multipart
from tests.real.bot_api_methods import METHODS, Limits, Office, Taken
from tests.real.bot_api_people import People
from tests.real.bot_api_rules import Chat, Json, Refusal, Standing, too_many
from tests.real.serving import Serving, hang_up

__all__ = ["Call", "Chat", "Double", "Limits", "Standing", "Taken"]

TOKEN = "123:abc"
WELL_FORMED = re.compile(r"\d+:[\w-]+")
POLL_SECONDS = 0.02
ALL_METHODS = {**METHODS, **ADMINISTRATION, **EXTRAS}


class Harm(Enum):
    """What a fault does to a call."""

    REFUSE = "answers an error, takes nothing"
    IGNORE = "takes nothing and never answers"
    LOSE = "takes it and hangs up instead of answering"
    RESET = "takes nothing and hangs up instead of answering"
    HOLD = "takes it and never answers"


@dataclass(kw_only=True)
class Fault:
    """What goes wrong with the next `times` calls of `method` (of one chat, or of any); rich messages are
    messages.
    """

    harm: Harm
    times: int
    method: str = "sendmessage"
    chat: int | None = None
    status: int = 0
    retry_after: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request as it was answered: `status` is 0 where no answer went out; `at` is time.monotonic()."""

    method: str
    chat: str
    status: int
    description: str
    at: float


class Double(People):
    """The stand-in: start it (or use `with`), tell it its chats, point a bot at `base_url`, look at
    `messages`.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.office = Office()
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.latency_seconds = 0.0  # how long each answer takes
        self._changed = threading.Condition()
        route = Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])
        files = Route("/file/bot{token}/{file}", self._answer_file, methods=["GET"])
        self._serving = Serving(Starlette(routes=[route, files]))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._serving.start()

    def stop(self) -> None:
        """Refuse connections from now on; start() brings it back on the same port, with all it knew."""
        self._serving.stop()

    @property
    def url(self) -> str:
        return self._serving.url

    @property
    def base_url(self) -> str:
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    # What the test sees

    @property
    def messages(self) -> list[Taken]:
        return list(self.office.messages)

    def texts(self, chat: int) -> list[str]:
        """Return what a reader of `chat` sees now, in order of arrival."""
        edited = {(taken.chat, taken.message_id): taken.text for taken in list(self.office.edits)}
        return [
            edited.get((taken.chat, taken.message_id), taken.text)
            for taken in self.messages
            if taken.chat == chat
        ]

    def refusals(self, status: int) -> list[Call]:
        return [call for call in list(self.calls) if call.status == status]

    def wait_for(self, holds: Callable[[], object], seconds: float = 20.0) -> None:
        """Return once `holds()` is true, looking again after every call; TimeoutError after `seconds`."""
        ends_at = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > ends_at:
                raise TimeoutError(f"still not so after {seconds:.0f} s; last calls: {self.calls[-3:]}")
            with self._changed:
                self._changed.wait(POLL_SECONDS)

    # What the test arranges

    @property
    def limits(self) -> Limits | None:
        return self.office.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self.office.limits = limits

    def flood(self, times: int = 1, retry_after: int = 1, chat: int | None = None) -> None:
        """Answer the next `times` messages with 429."""
        self.faults.append(
            Fault(harm=Harm.REFUSE, times=times, status=429, retry_after=retry_after, chat=chat)
        )

    def fail(
        self, status: int = 502, times: int = 1, method: str = "sendmessage", chat: int | None = None
    ) -> None:
        """Answer with a 5xx of the web server in front, before the message is taken."""
        self.faults.append(
            Fault(harm=Harm.REFUSE, times=times, status=status, method=method.lower(), chat=chat)
        )

    def ignore(self, times: int = 1, chat: int | None = None) -> None:
        """Take nothing and never answer."""
        self.faults.append(Fault(harm=Harm.IGNORE, times=times, chat=chat))

    def reset(self, times: int = 1, chat: int | None = None) -> None:
        """Take nothing and close the connection without an answer."""
        self.faults.append(Fault(harm=Harm.RESET, times=times, chat=chat))

    def lose_reply(self, times: int = 1, chat: int | None = None) -> None:
        """Take the message, then close the connection without an answer."""
        self.faults.append(Fault(harm=Harm.LOSE, times=times, chat=chat))

    def hold_reply(self, times: int = 1, chat: int | None = None) -> None:
        """Take the message and never answer."""
        self.faults.append(Fault(harm=Harm.HOLD, times=times, chat=chat))

    def deliver(self, update: Json) -> None:
        numbered = {"update_id": self.office.next_id(), **update}
        self.office.sent_updates.append(numbered)

        def enqueue() -> None:
            self.office.updates.append(numbered)
            self.office.bell.set()

        if self._serving.loop is None:
            enqueue()
        else:
            self._serving.loop.call_soon_threadsafe(enqueue)

    # The server's side

    async def _answer_file(self, request: Request) -> Response:
        content = self.office.files.get(request.path_params["file"])
        return Response(content) if content is not None else Response(status_code=404)

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"].lower()
        started_at = time.monotonic()
        try:
            parameters = await parameters_of(request)
        except ClientDisconnect:
            return Response()  # killed while sending: nothing was taken
        fault = self._fault(method, str(parameters.get("chat_id", "")))
        response = None
        with suppress(ClientDisconnect):
            response = await self._response(request, method, parameters, fault)
        self._note(method, parameters, response, started_at)
        return response or Response()

    def _note(self, method: str, parameters: Json, response: Response | None, at: float) -> None:
        status = response.status_code if response is not None else 0
        description = described(response) if response is not None and status != 200 else ""
        chat = str(parameters.get("chat_id", ""))
        self.calls.append(Call(method=method, chat=chat, status=status, description=description, at=at))
        with self._changed:
            self._changed.notify_all()

    async def _response(
        self, request: Request, method: str, parameters: Json, fault: Fault | None
    ) -> Response:
        if fault is not None and fault.harm is Harm.IGNORE:
            await never(request)
        if fault is not None and fault.harm is Harm.RESET:
            hang_up(request)
            raise ClientDisconnect
        try:
            if fault is not None and fault.harm is Harm.REFUSE:
                return refused(fault)
            result = await self._result(request.path_params["token"], method, parameters)
        except Refusal as refusal:
            return refusal_json(refusal)
        if self.latency_seconds:
            await asyncio.sleep(self.latency_seconds)
        if fault is not None and fault.harm is Harm.LOSE:
            hang_up(request)
            raise ClientDisconnect
        if fault is not None and fault.harm is Harm.HOLD:
            await never(request)
        return JSONResponse({"ok": True, "result": result})

    async def _result(self, token: str, method: str, parameters: Json) -> object:
        if not WELL_FORMED.fullmatch(token):
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")
        if method not in ALL_METHODS:
            raise Refusal(404, "Not Found: method not found")
        return await ALL_METHODS[method](self.office, parameters)

    def _fault(self, method: str, chat: str) -> Fault | None:
        kind = method.replace("sendrich", "send")
        for fault in self.faults:
            if fault.times > 0 and fault.method == kind and fault.chat in (None, int(chat or 0)):
                fault.times -= 1
                return fault
        return None


async def parameters_of(request: Request) -> Json:
    """Return the parameters from the address and the body, urlencoded or JSON, as the server reads them."""
    found: Json = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "").split(";")[0]
    if kind == "application/json" and body:
        found |= json.loads(body)
    elif kind == "application/x-www-form-urlencoded":
        found |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind == "multipart/form-data":
        found |= read_multipart(request.headers["content-type"], body)
    elif body:
        raise AssertionError(f"the double reads no {kind}")
    return found


async def never(request: Request) -> None:
    """Wait until the client gives up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    raise ClientDisconnect


def described(response: Response) -> str:
    body = bytes(response.body).decode()
    return str(json.loads(body)["description"]) if body.startswith("{") else body


def refused(fault: Fault) -> Response:
    if fault.status == 429:
        return refusal_json(too_many(fault.retry_after))
    page = f"<html><head><title>{fault.status}</title></head><body><center>nginx</center></body></html>"
    return HTMLResponse(page, status_code=fault.status)


def refusal_json(refusal: Refusal) -> Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    seconds = refusal.parameters.get("retry_after")
    headers = {"Retry-After": str(seconds)} if seconds else {}
    return JSONResponse(body, status_code=refusal.code, headers=headers)
