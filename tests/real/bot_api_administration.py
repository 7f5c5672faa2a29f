"""Methods of the double about members, administrators, commands and the webhook."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.real.bot_api_methods import BOT, NO_RIGHTS, Office, parsed_json
from tests.real.bot_api_people import member_json
from tests.real.bot_api_rules import Json, Standing, bad_request

SECRET_LENGTHS = range(1, 257)


async def get_chat_member(office: Office, parameters: Json) -> Json:
    chat = office.chat(parameters)
    user = int(parameters["user_id"])
    if user == BOT["id"]:
        return member_json(chat, chat.standing)
    status = office.members.get((chat.id, user))
    if status is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    person = {"id": user, "is_bot": False, "first_name": "读者"}
    return {"user": person, **rights_of(status)}


def rights_of(status: str) -> Json:
    rights: dict[str, Json] = {
        "administrator": {**NO_RIGHTS, "can_post_messages": True},
        "creator": {"is_anonymous": False},
        "kicked": {"until_date": 0},
    }
    return {"status": status, **rights.get(status, {})}


async def get_chat_administrators(office: Office, parameters: Json) -> list[Json]:
    chat = office.chat(parameters)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    people = [
        {"user": {"id": user, "is_bot": False, "first_name": "读者"}, **rights_of(status)}
        for (place, user), status in office.members.items()
        if place == chat.id and status in ("administrator", "creator")
    ]
    own = [member_json(chat, chat.standing)] if chat.standing is Standing.ADMINISTRATOR else []
    return [*people, *own]


async def set_my_commands(office: Office, parameters: Json) -> bool:
    commands = parsed_json(parameters["commands"], "commands")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not 1 <= len(command["command"]) <= 32 or not command["command"].replace("_", "").isalnum():
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = parsed_json(parameters.get("scope") or '{"type": "default"}', "scope")
    if scope["type"] == "chat" and int(scope["chat_id"]) not in office.chats:
        raise bad_request("chat not found")
    kind = f"{scope['type']}:{scope['chat_id']}" if "chat_id" in scope else scope["type"]
    office.commands[kind, parameters.get("language_code") or ""] = commands
    return True


async def set_webhook(office: Office, parameters: Json) -> bool:
    url = parameters.get("url", "")
    if not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = parameters.get("secret_token", "")
    if secret and len(secret) not in SECRET_LENGTHS:
        raise bad_request("secret token is too long")
    office.webhook = {"url": url, "secret_token": secret}
    return True


async def delete_webhook(office: Office, parameters: Json) -> bool:
    office.webhook = {}
    if str(parameters.get("drop_pending_updates", "")).lower() == "true":
        office.updates.clear()
    return True


ADMINISTRATION: dict[str, Callable[[Office, Json], Awaitable[Any]]] = {
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "setmycommands": set_my_commands,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
}
