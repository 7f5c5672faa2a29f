"""Methods of the double about files, deleted messages, and answers in chats that the bot is not in."""

import time
from collections.abc import Awaitable, Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.real.bot_api_methods import Office, markup_of, message_json, parsed_json
from tests.real.bot_api_rules import (
    Json,
    Refusal,
    bad_request,
    check_chat,
    check_markup,
    judge,
    units,
)

MAX_DOWNLOAD = 20_000_000
MAX_UPLOAD = 50_000_000
MAX_CAPTION = 1_024


def read_multipart(kind: str, body: bytes) -> Json:
    """Return the fields of a form with files; a file as its name and its bytes."""
    parsed = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    fields: Json = {}
    for part in parsed.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        file = part.get_filename()
        fields[str(name)] = (file, content) if file else bytes(content or b"").decode()
    return fields


async def get_file(office: Office, parameters: Json) -> Json:
    number = parameters["file_id"]
    content = office.files.get(number)
    if content is None:
        raise bad_request("invalid file_id")
    if len(content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    row = {"file_id": number, "file_unique_id": f"u{number}", "file_size": len(content)}
    return {**row, "file_path": number}


async def send_document(office: Office, parameters: Json) -> Json:
    chat = office.chat(parameters)
    check_chat(chat, int(parameters["message_thread_id"]) if parameters.get("message_thread_id") else None)
    document = parameters.get("document", "")
    if isinstance(document, str) and document.startswith("attach://"):
        document = parameters[document.removeprefix("attach://")]
    if not isinstance(document, tuple) or not document[1]:
        raise bad_request("file must be non-empty")
    name, content = document
    if len(content) > MAX_UPLOAD:
        raise bad_request("file is too big")
    caption = parameters.get("caption", "")
    if units(caption) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    number = office.next_id()
    office.documents.append(
        {
            "chat": chat.id,
            "name": name,
            "content": content,
            "caption": caption,
            "markup": markup_of(parameters),
        }
    )
    file = office.keep_file(content)
    place = {"message_id": number, "date": int(time.time()), "chat": chat.json}
    return {**place, "document": {**file, "file_name": name}, "caption": caption}


async def delete_message(office: Office, parameters: Json) -> bool:
    chat = office.chat(parameters)
    taken = office.message(chat, int(parameters["message_id"]))
    if taken is None:
        raise bad_request("message to delete not found")
    office.messages = [message for message in office.messages if message.message_id != taken.message_id]
    return True


async def edit_message_reply_markup(office: Office, parameters: Json) -> Json:
    chat = office.chat(parameters)
    taken = office.message(chat, int(parameters["message_id"]))
    if taken is None:
        raise bad_request("message to edit not found")
    from dataclasses import replace

    changed = replace(taken, markup=markup_of(parameters))
    office.edits.append(changed)
    return message_json(chat, changed)


def check_result(result: Json) -> Json:
    content = result["input_message_content"]
    text, entities = judge(content["message_text"], content.get("parse_mode", ""))
    if markup := result.get("reply_markup"):
        check_markup(markup)
    if not result.get("title"):
        raise bad_request("ARTICLE_TITLE_EMPTY")
    return {"text": text, "entities": entities, "markup": result.get("reply_markup"), **result}


async def edit_ephemeral(office: Office, parameters: Json) -> bool:
    if not office.knows_ephemeral:
        raise Refusal(404, "Not Found: method not found")
    text, entities = judge(parameters.get("text", ""), parameters.get("parse_mode", ""))
    number, user = int(parameters["ephemeral_message_id"]), int(parameters["receiver_user_id"])
    for row in office.ephemeral:
        if (row["id"], row["user"]) == (number, user):
            row |= {"text": text, "entities": entities, "markup": markup_of(parameters)}
            return True
    raise bad_request("message to edit not found")


async def answer_guest_query(office: Office, parameters: Json) -> Json:
    query = parameters["guest_query_id"]
    if query in office.guest_answers:
        raise bad_request("query is too old and response timeout expired or query id is invalid")
    office.guest_answers[query] = check_result(parsed_json(parameters["result"], "result"))
    return {"inline_message_id": query}


async def answer_inline_query(office: Office, parameters: Json) -> bool:
    results = parsed_json(parameters["results"], "results")
    office.inline_answers[parameters["inline_query_id"]] = [check_result(result) for result in results]
    return True


EXTRAS: dict[str, Callable[[Office, Json], Awaitable[Any]]] = {
    "getfile": get_file,
    "senddocument": send_document,
    "deletemessage": delete_message,
    "editmessagereplymarkup": edit_message_reply_markup,
    "editephemeralmessagetext": edit_ephemeral,
    "answerguestquery": answer_guest_query,
    "answerinlinequery": answer_inline_query,
}
