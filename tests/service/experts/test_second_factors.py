"""Codes of an authenticator app and recovery codes, over the API."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import select

from bpa_service.api_ports import ApiPorts
from bpa_service.audit import queries as audit
from bpa_service.experts import service as people
from bpa_service.experts.domain import Role
from bpa_service.experts.factors import service
from bpa_service.experts.factors.errors import SecondFactorWrong
from bpa_service.experts.factors.models import RecoveryCode, SecondFactor
from service_kit.db import database_now
from service_kit.paging import Page
from service_kit.sealing import Seal
from tests.service.experts.conftest import Headers, Newcomer
from tests.support.experts import sign_in


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def acts(ports: ApiPorts) -> list[str]:
    async with ports.backbone.database.reading() as session:
        return [entry.act for entry in await audit.entries(session, audit.AuditFilter(), Page(None, 50))]


async def factor(ports: ApiPorts) -> SecondFactor:
    async with ports.backbone.database.reading() as session:
        row = await session.scalar(select(SecondFactor))
    assert row is not None
    return row


class TestEnrolment:
    async def test_a_newcomer_sets_up_an_app_before_anything_else(self, nora: Newcomer) -> None:
        answer = await nora.sign_in()
        headers = {"Authorization": f"Bearer {answer.json()['token']}"}
        assert (answer.status_code, answer.json()["stage"]) == (201, "enrolling")
        assert refusal(await nora.api.get("/api/v1/queue", headers=headers)) == (
            403,
            "second_factor_enrolment_required",
        )
        assert (await nora.api.get("/api/v1/me", headers=headers)).status_code == 200

        codes = await nora.enrol(headers)

        assert len(set(codes)) == 10
        assert (await nora.api.get("/api/v1/queue", headers=headers)).status_code == 200

    async def test_the_app_is_told_by_text_and_by_picture(self, nora: Newcomer) -> None:
        told = (await nora.post("/me/totp", await nora.signed_in())).json()
        app = pyotp.parse_uri(told["uri"])
        assert (app.secret, app.name) == (told["secret"], "nora")
        assert told["qr_svg"].startswith("<svg")

    async def test_until_it_is_confirmed_nothing_is_set_up(self, nora: Newcomer) -> None:
        headers = await nora.signed_in()
        assert refusal(await nora.post("/me/totp/confirmation", headers, {"code": "123456"})) == (
            409,
            "no_second_factor_enrolment",
        )
        nora.secret = (await nora.post("/me/totp", headers)).json()["secret"]
        wrong = await nora.post("/me/totp/confirmation", headers, {"code": await nora.wrong_code()})
        assert refusal(wrong) == (403, "second_factor_wrong")
        assert (await nora.sign_in()).json()["stage"] == "enrolling"
        assert refusal(await nora.api.get("/api/v1/queue", headers=headers))[0] == 403

    async def test_who_knows_the_password_only_gets_nowhere_by_the_enrolment_of_its_owner(
        self, nora: Newcomer
    ) -> None:
        stranger, mine = await nora.signed_in(), await nora.signed_in()
        nora.secret = (await nora.post("/me/totp", mine)).json()["secret"]
        for _ in range(5):
            guess = {"code": await nora.wrong_code()}
            assert refusal(await nora.post("/me/totp/confirmation", stranger, guess)) == (
                403,
                "second_factor_wrong",
            )
        right = {"code": await nora.code()}
        assert refusal(await nora.post("/me/totp/confirmation", stranger, right)) == (
            429,
            "too_many_requests",
        )
        await nora.wait()

        confirmed = await nora.post("/me/totp/confirmation", mine, {"code": await nora.code()})

        assert confirmed.status_code == 200
        assert (await nora.api.get("/api/v1/me", headers=stranger)).status_code == 401
        assert (await nora.api.get("/api/v1/me", headers=mine)).status_code == 200

    async def test_another_phone_takes_a_code_of_the_first(self, nora: Newcomer) -> None:
        headers = await nora.signed_in()
        await nora.enrol(headers)
        old = nora.secret
        assert refusal(await nora.post("/me/totp", headers)) == (403, "second_factor_required")
        wrong = await nora.post("/me/totp", headers, {"code": await nora.wrong_code()})
        assert refusal(wrong) == (403, "second_factor_wrong")

        started = await nora.post("/me/totp", headers, {"code": await nora.code()})

        assert (await nora.sign_in(await nora.code())).status_code == 201  # the old one, still
        nora.secret = started.json()["secret"]
        confirmed = await nora.post("/me/totp/confirmation", headers, {"code": await nora.code()})
        assert confirmed.status_code == 200
        assert (await nora.sign_in(await nora.code())).status_code == 201
        nora.secret = old
        assert refusal(await nora.sign_in(await nora.code())) == (401, "second_factor_wrong")

    async def test_what_is_stored_lets_nobody_in(self, nora: Newcomer) -> None:
        codes = await nora.enrol(await nora.signed_in())
        row = await factor(nora.ports)
        assert nora.secret.encode() not in (row.secret or b"")
        async with nora.ports.backbone.database.reading() as session:
            digests = (await session.scalars(select(RecoveryCode.digest))).all()
        assert len(digests) == 10
        assert not {code.encode() for code in codes} & set(digests)


class TestSigningIn:
    @pytest.fixture
    async def codes(self, nora: Newcomer) -> list[str]:
        """Nora is enrolled; her recovery codes."""
        return await nora.enrol(await nora.signed_in())

    async def test_the_password_alone_is_not_enough(self, nora: Newcomer, codes: list[str]) -> None:
        answer = await nora.sign_in()
        assert refusal(answer) == (401, "second_factor_required")
        assert answer.json()["params"] == {"methods": ["totp", "recovery_code"]}
        assert codes

    async def test_a_code_lets_in_once(self, nora: Newcomer, codes: list[str]) -> None:
        code = await nora.code()
        answer = await nora.sign_in(code)
        assert (answer.status_code, answer.json()["stage"]) == (201, "full")
        assert answer.json()["recovery_codes_left"] is None
        assert refusal(await nora.sign_in(code)) == (401, "second_factor_wrong")
        assert codes

    async def test_of_two_who_send_one_code_at_once_one_comes_in(
        self, nora: Newcomer, codes: list[str]
    ) -> None:
        for code in (await nora.code(), codes[0]):
            answers = await asyncio.gather(*(nora.sign_in(code) for _ in range(4)))
            assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]

    async def test_who_began_before_a_wrong_code_and_is_judged_after_it_need_not_wait(
        self, nora: Newcomer, codes: list[str]
    ) -> None:
        wrong = await nora.wrong_code()
        async with nora.ports.backbone.database.writing() as session:
            now = await database_now(session)
            for code in (wrong, wrong, codes[0]):
                outcome = await service.show(session, nora.expert, code, seal=nora.ports.seal, now=now)
                assert isinstance(outcome, SecondFactorWrong if code is wrong else service.Shown)
                now -= timedelta(milliseconds=1)

    async def test_without_the_password_a_code_is_neither_used_nor_judged(
        self, nora: Newcomer, codes: list[str]
    ) -> None:
        code = await nora.code()
        for sent in (code, codes[0], await nora.wrong_code()):
            answer = await nora.sign_in(sent, password="wrong horse battery")
            assert refusal(answer) == (401, "wrong_credentials")
        assert (await factor(nora.ports)).wrong_codes == 0
        assert (await nora.sign_in(code)).status_code == 201
        assert (await nora.sign_in(codes[0])).status_code == 201

    async def test_a_recovery_code_lets_in_once_and_tells_how_many_are_left(
        self, nora: Newcomer, codes: list[str]
    ) -> None:
        answer = await nora.sign_in(codes[0].upper().replace("-", " "))
        assert (answer.status_code, answer.json()["stage"]) == (201, "full")
        assert answer.json()["recovery_codes_left"] == 9
        assert refusal(await nora.sign_in(codes[0])) == (401, "second_factor_wrong")
        headers = await nora.signed_in(codes[1])
        shown = await nora.api.get("/api/v1/me/second-factors", headers=headers)
        assert shown.json() == {"totp": True, "recovery_codes_left": 8, "passkeys": 0}

    async def test_who_guesses_has_to_wait(self, nora: Newcomer, codes: list[str]) -> None:
        for _ in range(5):
            assert refusal(await nora.sign_in(await nora.wrong_code())) == (401, "second_factor_wrong")

        limited = await nora.sign_in(await nora.code())

        assert refusal(limited) == (429, "too_many_requests")
        assert 0 < int(limited.headers["retry-after"]) <= 60
        assert refusal(await nora.sign_in(codes[0])) == (429, "too_many_requests")

        await nora.wait()
        assert refusal(await nora.sign_in(await nora.wrong_code())) == (401, "second_factor_wrong")
        limited = await nora.sign_in(await nora.code())
        assert 60 < int(limited.headers["retry-after"]) <= 120  # it doubles

        await nora.wait()
        assert (await nora.sign_in(await nora.code())).status_code == 201
        assert refusal(await nora.sign_in(await nora.wrong_code())) == (401, "second_factor_wrong")
        assert (await nora.sign_in(await nora.code())).status_code == 201

    async def test_guesses_side_by_side_are_counted_one_by_one(
        self, nora: Newcomer, codes: list[str]
    ) -> None:
        wrong = await nora.wrong_code()
        answers = await asyncio.gather(*(nora.sign_in(wrong) for _ in range(8)))
        assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 3
        assert codes

    async def test_refusals_are_on_the_audit_log(self, nora: Newcomer, codes: list[str]) -> None:
        await nora.sign_in(await nora.wrong_code())
        headers = await nora.signed_in(await nora.code())
        await nora.post("/me/recovery-codes", headers, {"code": await nora.wrong_code()})
        await nora.post("/me/recovery-codes", headers, {"code": codes[0]})
        assert await acts(nora.ports) == [
            "recovery_codes_renewed",
            "second_factor_refused",
            "signed_in",
            "sign_in_refused",
            "second_factor_enrolled",
            "signed_in",
            "person_added",
        ]

    async def test_new_recovery_codes_take_the_place_of_the_old(
        self, nora: Newcomer, codes: list[str]
    ) -> None:
        headers = await nora.signed_in(await nora.code())
        wrong = await nora.post("/me/recovery-codes", headers, {"code": await nora.wrong_code()})
        assert refusal(wrong) == (403, "second_factor_wrong")
        renewed = await nora.post("/me/recovery-codes", headers, {"code": await nora.code()})
        assert len(renewed.json()["recovery_codes"]) == 10
        assert refusal(await nora.sign_in(codes[0])) == (401, "second_factor_wrong")
        assert (await nora.sign_in(renewed.json()["recovery_codes"][0])).status_code == 201


class TestReset:
    async def reset(self, nora: Newcomer, headers: Headers, person_id: Any) -> httpx.Response:
        return await nora.api.delete(f"/api/v1/people/{person_id}/second-factors", headers=headers)

    async def test_who_lost_everything_starts_anew(self, nora: Newcomer) -> None:
        codes = await nora.enrol(await nora.signed_in())
        headers = await nora.signed_in(await nora.code())
        admin = await sign_in(nora.ports, Role.BPA_ADMIN)

        answer = await self.reset(nora, admin.headers, nora.expert.id)

        assert answer.status_code == 204
        assert (await nora.api.get("/api/v1/me", headers=headers)).status_code == 401
        assert (await acts(nora.ports))[0] == "second_factors_reset"
        again = await nora.signed_in(codes[0])  # with the password only: there is nothing that looks at codes
        assert refusal(await nora.api.get("/api/v1/queue", headers=again))[0] == 403
        await nora.enrol(again)
        assert refusal(await nora.sign_in(codes[0])) == (401, "second_factor_wrong")

    async def test_nobody_resets_their_own(self, nora: Newcomer) -> None:
        admin = await sign_in(nora.ports, Role.BPA_ADMIN)
        answer = await self.reset(nora, admin.headers, admin.expert.id)
        assert refusal(answer) == (409, "own_second_factors")
        assert (await nora.api.get("/api/v1/me", headers=admin.headers)).status_code == 200

    async def test_who_is_not_there_has_none(self, nora: Newcomer) -> None:
        admin = await sign_in(nora.ports, Role.BPA_ADMIN)
        answer = await self.reset(nora, admin.headers, "00000000-0000-7000-8000-000000000000")
        assert refusal(answer) == (404, "not_found")


async def test_secrets_move_to_a_new_key(nora: Newcomer) -> None:
    await nora.enrol(await nora.signed_in())
    [key] = nora.ports.settings.secret_keys
    moving = Seal(("a key that is new here", key), purpose=people.SEALED)
    async with nora.ports.backbone.database.writing() as session:
        assert await service.reseal(session, seal=moving) == 1
    moved = Seal(("a key that is new here",), purpose=people.SEALED)
    assert moved.open((await factor(nora.ports)).secret or b"") == nora.secret
