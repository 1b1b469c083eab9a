"""The pages for partners' developers, and the list of changes: whole, light, and in both languages."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from api_contracts import developers, generate
from api_contracts.changes import changes
from api_contracts.partner_part import partner_part, scope_of
from cabinet_service.accounts.domain import KeyScope
from shared_schemas.webhooks import WebhookType

PAGES: Final = generate.PAGES
GUIDES: Final = ("en.html", "ru.html")
SANDBOXES: Final = ("sandbox.en.html", "sandbox.ru.html")
EXAMPLES: Final = sorted(one.name for one in (developers.DOCS / "partners").iterdir() if one.is_file())
MOST_BYTES: Final = {
    "en.html": 120_000,
    "ru.html": 140_000,
    "sandbox.en.html": 8_000,
    "sandbox.ru.html": 12_000,
    "reference.html": 400_000,
    "page.css": 8_000,
}
"""What a page may weigh before it is packed, which makes it an eighth."""


class Read(HTMLParser):
    """What a page links to and names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.hrefs += [told["href"] or ""] if tag == "a" and "href" in told else []
        self.ids += [told["id"] or ""] if "id" in told else []


def page(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*GUIDES, *SANDBOXES, "reference.html"])
def test_a_page_is_whole(name: str) -> None:
    read = Read(page(name))
    assert len(read.ids) == len(set(read.ids))
    assert not read.tags & {"script", "style", "img", "iframe"}
    for href in read.hrefs:
        if href.startswith("#"):
            assert href[1:] in read.ids, href
        else:
            assert href.startswith(("https://", "/")), href


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("en.html", "/developers/ru"),
        ("ru.html", "/developers/en"),
        ("sandbox.en.html", "/developers/sandbox/ru"),
        ("sandbox.ru.html", "/developers/sandbox/en"),
    ],
)
def test_the_other_language_is_that_of_the_same_page(name: str, there: str) -> None:
    header = page(name).partition("<header>")[2].partition("</header>")[0]
    [language] = re.findall(r'<a href="([^"]+)" lang="', header)
    assert language == there


@pytest.mark.parametrize("name", MOST_BYTES)
def test_a_page_is_light(name: str) -> None:
    assert (PAGES / name).stat().st_size <= MOST_BYTES[name]


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_tell_of_everything(name: str) -> None:
    text = page(name)
    for kind in WebhookType:
        assert f"<code>{kind}</code>" in text, kind
    for scope in KeyScope:
        assert f"<code>{scope}</code>" in text, scope
    prose = (developers.DOCS / {"en.html": "partners.md", "ru.html": "partners.ru.md"}[name]).read_text(
        "utf-8"
    )
    for example in EXAMPLES:
        assert f"(partners/{example})" in prose, example
        assert f"partners/{example}" not in text, "it is shown, and not linked to"
    assert "<!--" not in text


def test_every_problem_of_a_partner_is_told_in_both_languages() -> None:
    document = json.loads(page("openapi.json"))
    codes = {code for _, _, one in developers.operations(document) for code in one["x-problem-codes"]}
    assert len(codes) > 80
    for code in codes:
        assert all(f"<td><code>{code}</code></td>" in page(name) for name in GUIDES), code
    assert "Этот ключ отозван" in page("ru.html")
    assert "This key was ended" in page("en.html")


def test_the_partners_part_has_what_a_key_opens_and_what_that_needs() -> None:
    whole = json.loads((Path(generate.HERE) / generate.OF_CABINET).read_text(encoding="utf-8"))
    part = partner_part(whole)
    scopes = {scope_of(operation) for _, _, operation in developers.operations(part)}
    assert scopes == {None, *KeyScope}
    paths = {path for _, path, operation in developers.operations(part) if scope_of(operation) is None}
    assert "/oauth/token" in paths
    assert all(path == "/oauth/token" or path.startswith(("/api/v1/vin/", "/api/v1/yard")) for path in paths)
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))
    assert named == part["components"]["schemas"].keys()


def of(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A document with one schema and one operation."""
    operation = {"parameters": [{"name": "limit"}], "x-problem-codes": ["not_found"]}
    paths = {"/cars": {"get": operation}}
    schemas = {"Car": {"properties": properties, "required": ["vin"]}, "State": {"enum": ["new"]}}
    return {"paths": paths, "components": {"schemas": schemas}} | more


def test_changes_are_told_field_by_field() -> None:
    old = of({"vin": {"type": "string"}, "year": {"type": "integer"}, "gone": {"type": "null"}})
    new = of(
        {"vin": {"type": "string"}, "year": {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "plate": {}}
    )
    new["components"]["schemas"]["State"]["enum"].append("old")
    new["paths"]["/cars"]["get"] |= {"parameters": [], "x-problem-codes": ["not_found", "not_allowed"]}
    new["paths"]["/cars"]["post"] = {}
    assert changes(old, new) == [
        "`GET /cars`: parameter `limit` is gone",
        "`GET /cars`: problem `not_allowed` is new",
        "`POST /cars`: new",
        "`Car.gone`: gone",
        "`Car.plate`: new, anything, may be left out",
        "`Car.year`: integer or null, was integer",
        "`State`: value `old` is new",
    ]
    assert changes(old, old) == []


def test_each_answer_is_shown_full_and_empty_as_its_schema_has_it() -> None:
    document = json.loads(page("openapi.json"))
    shown = Shown(page("reference.html")).answers
    expected = {
        f"answer-{developers.slug(name)}": schema for name, schema in developers.answers(document).items()
    }
    assert len(expected) > 30
    assert shown.keys() == expected.keys()
    for where, schema in expected.items():
        full, empty = map(json.loads, shown[where])
        whole: Any = {**schema, "components": document["components"]}
        for one in (full, empty):
            Draft202012Validator(whole).validate(one)  # pyright: ignore[reportUnknownMemberType] - untyped
        if where.startswith("answer-pageof_"):
            assert len(full["items"]) == 1
            assert empty == {"items": [], "next_cursor": None}
    inspection = json.loads(shown["answer-inspectionout"][0])
    assert inspection["evidence"][0]["sha256"], "what is in a list is told in full as well"
    numbers = {one for _, text in shown.items() for one in re.findall(r'number": "([^"]+)"', "".join(text))}
    assert numbers
    assert all(re.fullmatch(r"A-\d{7}", one) for one in numbers), "as the numbers of checks are"


class Shown(HTMLParser):
    """What stands in the examples of a page, by the id of the heading before them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.answers: dict[str, list[str]] = {}
        self._under = ""
        self._is_shown = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h3":
            self._under = dict(attrs).get("id") or ""
        self._is_shown = self._is_shown or tag == "pre"
        if tag == "pre":
            self.answers.setdefault(self._under, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_shown = self._is_shown and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._is_shown:
            self.answers[self._under][-1] += data
