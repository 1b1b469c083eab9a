"""When events were lost for good, or could not be handled, either side is brought up to date again."""

import asyncio
from collections.abc import Callable

import aio_pika

from deploy.demo.people import Client, wait_for
from deploy.embedded.services import Service
from deploy.embedded.stack import Stack
from tests.flows.conftest import People, in_database

Send = Callable[[Client], str]
TURN = 1  # it kills parts of the shared stack, and loses what is on its way


def all_sent(stack: Stack, service: Service) -> bool | None:
    [waiting] = in_database(stack, service, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")
    return True if waiting["count"] == 0 else None


def lose_everything_queued(stack: Stack, service: Service) -> None:
    """What is on its way to the service vanishes, as if its broker had lost its disk."""
    amqp_url = stack.environment_of(service)[f"{service.name.upper()}_BUS_URL"]

    async def purge() -> None:
        connection = await aio_pika.connect(amqp_url)
        async with connection, connection.channel() as channel:
            await (await channel.get_queue(f"{service.name}.events", ensure=False)).purge()

    if amqp_url:
        asyncio.run(purge())
    else:
        in_database(stack, service, "DELETE FROM queued_messages")


def test_events_that_were_lost_are_fetched_from_the_others_log(people: People, send: Send) -> None:
    client, stack = people.client(), people.stack
    stack.kill("bpa-consumer")
    sent = [send(client) for _ in range(3)]
    wait_for(lambda: all_sent(stack, stack.cabinet), "the relay")
    lose_everything_queued(stack, stack.bpa)
    stack.restart("bpa-consumer")
    assert {client.inspection(inspection_id)["state"] for inspection_id in sent} == {"submitted"}
    done = stack.command(stack.bpa, "resync")
    assert done.returncode == 0, done.stderr
    for inspection_id in sent:
        client.wait_until(inspection_id, "queued")
    again = stack.command(stack.bpa, "resync", "--inspection", sent[0])
    assert again.returncode == 0, again.stderr
    opened = "SELECT count(*) FROM cases WHERE id = ANY ($1)"
    [cases] = in_database(stack, stack.bpa, opened, sent)
    assert cases["count"] == len(sent)


def test_a_gap_closes_by_itself(people: People, send: Send) -> None:
    """A lost event is missed as soon as the next one comes, and fetched without anybody's doing."""
    client, expert, stack = people.client(), people.expert("anna"), people.stack
    stack.kill("bpa-consumer")
    inspection_id = send(client)
    wait_for(lambda: all_sent(stack, stack.cabinet), "the relay")
    lose_everything_queued(stack, stack.bpa)
    stack.restart("bpa-consumer")
    client.call("POST", f"/inspections/{inspection_id}/messages", {"text": "Are you there?"})
    case = expert.wait_until(inspection_id, "queued")
    assert [message["text"] for message in case["messages"]] in ([], ["Are you there?"])
    wait_for(lambda: expert.case(inspection_id)["messages"] or None, "the message")


def test_a_message_that_cannot_be_handled_is_kept_shown_and_replayed(people: People, send: Send) -> None:
    client, expert, stack = people.client(), people.expert("anna"), people.stack
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    # An event of a version that this bpa does not know, sent by a newer cabinet.
    stack.kill("cabinet-relay")
    client.call("POST", f"/inspections/{inspection_id}/messages", {"text": "From the future."})
    unknown = (
        "UPDATE outbox SET version = 99 WHERE sent_at IS NULL AND queue = 'bpa.events' RETURNING event_id"
    )
    [row] = in_database(stack, stack.cabinet, unknown)
    stack.restart("cabinet-relay")
    message_id = str(row["event_id"])

    def listed() -> str | None:
        done = stack.command(stack.bpa, "dead-letters", "list")
        return done.stdout if message_id in done.stdout else None

    assert "inspection.message_posted.v99" in wait_for(listed, "the dead letter")
    shown = stack.command(stack.bpa, "dead-letters", "show", "bpa.events", message_id)
    assert "UnknownMessage" in shown.stdout
    assert inspection_id in shown.stdout
    # After an upgrade the same message can be handled; here the letter is mended instead.
    mend = (
        "UPDATE dead_letters SET body = convert_to(replace(convert_from(body, 'UTF8'), ':99', ':1'), 'UTF8')"
    )
    in_database(stack, stack.bpa, mend)
    replayed = stack.command(stack.bpa, "dead-letters", "replay", "bpa.events", message_id)
    assert replayed.returncode == 0, replayed.stderr
    wait_for(lambda: expert.case(inspection_id)["messages"] or None, "the message")
    assert [message["text"] for message in expert.case(inspection_id)["messages"]] == ["From the future."]
