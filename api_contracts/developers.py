"""The pages for developers, which cabinet serves at /developers: written from the documents and the code.

The prose is `docs/partners.md` and `docs/partners.ru.md`. A paragraph there that is nothing but a link to a file
of `docs/partners/` becomes that file, which a test runs; a comment such as `<!-- scopes -->` becomes what is
generated under that name. So nothing is told twice, and nothing that is shown was never tried.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from api_contracts.changes import changes, kind_of
from api_contracts.partner_part import scope_of
from api_contracts.samples import Samples
from cabinet_service.settings import Settings
from service_kit.http.openapi import ANYWHERE
from service_kit.http.problems import Problem

Json = Mapping[str, Any]
Language = Literal["en", "ru"]
HERE: Final = Path(__file__).parent
DOCS: Final = HERE.parent / "docs"
TOKENS: Final = HERE.parent / "service_kit" / "web" / "ui" / "tokens.css"
PROSE: Final[Mapping[Language, str]] = {"en": "partners.md", "ru": "partners.ru.md"}
SOURCES: Final = re.compile(r"partners/[a-z_]+\.(?:sh|py|ts)")
LIMITS: Final = (
    "requests_per_key",
    "wrong_keys_per_address",
    "drafts_per_company",
    "submits_per_company",
    "photos_per_account",
    "messages_per_account",
    "disputes_per_account",
    "yard_links_per_account",
    "bulk_rows_per_company",
    "bulk_checks_per_account",
    "sheets_per_account",
    "webhook_changes_per_company",
    "webhook_tests_per_company",
    "webhook_replays_per_company",
)
"""Settings that bound what a program does, in the order in which they are told."""

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "title": "For developers",
        "other": "По-русски",
        "reference": "Reference",
        "contents": "Contents",
        "code": "Code",
        "status": "Status",
        "text": "What it says",
        "scope": "Scope",
        "opens": "What it opens",
        "limit": "Limit",
        "of": "Of what",
        "since": "Not promised yet",
        "none": "Nothing.",
        "sandbox": "The sandbox",
        "here": "This is the sandbox: nothing that is ordered here is about a real car, and nobody but a script "
        "looks at it. Each order is erased within the hour after its week is over.",
    },
    "ru": {
        "title": "Разработчикам",
        "other": "In English",
        "reference": "Справочник",
        "contents": "Содержание",
        "code": "Код",
        "status": "Статус",
        "text": "Что написано",
        "scope": "Право",
        "opens": "Что открывает",
        "limit": "Ограничение",
        "of": "Чего",
        "since": "Ещё не обещано",
        "none": "Ничего.",
        "sandbox": "Песочница",
        "here": "Это песочница: заказы здесь ни о какой машине, и смотрит их не эксперт, а сценарий. Каждый "
        "удаляется в течение часа после того, как пройдёт его неделя.",
    },
}
# What the documents of the repository link to, and where the page has it.
_SERVED: Final = {"../api_contracts/asyncapi/webhooks/v1.json": "/developers/webhooks.json"}
_MARKDOWN: Final = MarkdownIt("commonmark").enable("table")


def pages(document: Json, frozen: Json, promised: list[Json]) -> dict[str, str]:
    """Each page by the name of its file. `document` is the partners' part, `frozen` what is promised of it.

    `promised` are the changes of each earlier freeze, the newest first.
    """
    made = {f"{language}.html": _guide(language, document, frozen, promised) for language in PROSE}
    made |= {f"sandbox.{language}.html": _sandbox(language) for language in PROSE}
    made["reference.html"] = _page("en", "Reference", _reference(document), other=None)
    made["page.css"] = (
        TOKENS.read_text(encoding="utf-8") + "\n" + (HERE / "developers.css").read_text("utf-8")
    )
    return made


def _guide(language: Language, document: Json, frozen: Json, promised: list[Json]) -> str:
    words = _WORDS[language]
    generated = {
        "scopes": _table((words["scope"], words["opens"]), _scopes(document)),
        "problems": _table((words["code"], words["status"], words["text"]), _problems(document, language)),
        "limits": _table((words["of"], words["limit"]), _limits()),
        "changes": _changes(words, document, frozen, promised),
    }
    tokens = _MARKDOWN.parse((DOCS / PROSE[language]).read_text(encoding="utf-8"))
    opened = [at for at, one in enumerate(tokens) if one.type == "heading_open" and one.tag == "h2"]
    heads = [tokens[at + 1].content for at in opened]
    contents = "".join(f'<li><a href="#{slug(head)}">{escape(head)}</a></li>' for head in heads)
    nav = f'<nav aria-label="{words["contents"]}"><ul>{contents}</ul></nav>'
    head, end, rest = _rendered(list(_shown(tokens, generated))).partition("</h1>")
    other: Language = "ru" if language == "en" else "en"
    return _page(language, words["title"], head + end + nav + rest, other=other)


def _sandbox(language: Language) -> str:
    """What a sandbox says of itself: the section of the guide, where it is so."""
    words = _WORDS[language]
    tokens = _MARKDOWN.parse((DOCS / PROSE[language]).read_text(encoding="utf-8"))
    heads = [at for at, one in enumerate(tokens) if one.type == "heading_open" and one.tag == "h2"]
    [place] = [place for place, at in enumerate(heads) if tokens[at + 1].content == words["sandbox"]]
    section = tokens[heads[place] + 3 : heads[place + 1]]
    body = f"<h1>{words['sandbox']}</h1><p><strong>{words['here']}</strong></p>{_rendered(section)}"
    other: Language = "ru" if language == "en" else "en"
    return _page(language, words["sandbox"], body, other=other, at="/developers/sandbox")


def _rendered(tokens: list[Token]) -> str:
    body = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    body = body.replace("<table>", '<div class="wide" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    return body.replace("<pre>", '<pre tabindex="0">')  # it may have to be scrolled, by keys too


def _shown(tokens: list[Token], generated: Mapping[str, str]) -> Iterator[Token]:
    """The tokens with what the page has in place of links to examples, and of comments."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "paragraph_open" and (example := _example(tokens[at + 1])) is not None:
            kind = example.suffix.removeprefix(".")
            shown = Token("fence", "code", 0, content=example.read_text(encoding="utf-8"), info=kind)
            yield shown
            at += 3
            continue
        if token.type == "html_block":
            name = token.content.strip().removeprefix("<!--").removesuffix("-->").strip()
            token.content = generated[name]
        elif token.type == "heading_open":
            token.attrSet("id", slug(tokens[at + 1].content))
        elif token.type == "inline":
            for inner in token.children or ():
                if inner.type == "link_open" and (href := str(inner.attrGet("href"))) in _SERVED:
                    inner.attrSet("href", _SERVED[href])
        yield token
        at += 1


def _example(inline: Token) -> Path | None:
    """The file of a paragraph that is nothing but a link to it."""
    children = inline.children or []
    if [one.type for one in children] != ["link_open", "text", "link_close"]:
        return None
    href = str(children[0].attrGet("href"))
    return DOCS / href if SOURCES.fullmatch(href) else None


def _scopes(document: Json) -> Iterator[tuple[str, ...]]:
    flow = document["components"]["securitySchemes"]["ClientCredentials"]["flows"]["clientCredentials"]
    for scope, opens in flow["scopes"].items():
        yield f"<code>{scope}</code>", escape(opens)


def _problems(document: Json, language: Language) -> Iterator[tuple[str, ...]]:
    named = {code for _, _, one in operations(document) for code in one.get("x-problem-codes", ())}
    known = {kind.code: kind for kind in _kinds(Problem) if hasattr(kind, "code")}
    for code in sorted(named | {kind.code for kind in ANYWHERE}):
        text = known[code].ru if language == "ru" else known[code].en
        yield f"<code>{code}</code>", str(int(known[code].status)), escape(text)


def _kinds(kind: type[Problem]) -> Iterator[type[Problem]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _kinds(one)


def _limits() -> Iterator[tuple[str, ...]]:
    for name in LIMITS:
        field = Settings.model_fields[name]
        yield escape(field.description or name), f"<code>{escape(str(field.default))}</code>"


def _changes(words: Mapping[str, str], document: Json, frozen: Json, promised: list[Json]) -> str:
    since = {"promised": words["since"], "changes": changes(frozen, document)}
    return "".join(
        f"<details><summary>{escape(str(one['promised']))} ({len(one['changes'])})</summary>"
        f"<ul>{''.join(f'<li>{_marked(line)}</li>' for line in one['changes']) or words['none']}</ul></details>"
        for one in (since, *promised)
    )


def _marked(line: str) -> str:
    return _MARKDOWN.renderInline(line)


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, path and operation, in the document's order."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _reference(document: Json) -> str:
    by_tag: dict[str, list[str]] = {}
    for method, path, operation in operations(document):
        by_tag.setdefault(operation["tags"][0], []).append(_operation(method, path, operation))
    links = "".join(
        f'<li><a href="#{slug(tag)}">{escape(tag)}</a></li>' for tag in [*by_tag, "answers", "schemas"]
    )
    parts = [f'<h1>Reference</h1><nav aria-label="Contents"><ul>{links}</ul></nav>']
    parts.append('<p>The same for programs: <a href="/developers/openapi.json">OpenAPI 3.1</a>.</p>')
    for tag, shown in by_tag.items():
        parts.append(f'<h2 id="{slug(tag)}">{escape(tag)}</h2>{"".join(shown)}')
    schemas = document["components"]["schemas"]
    parts.append('<h2 id="answers">answers</h2>')
    parts.append("<p>Made from the contract: the shapes are what comes, the values are samples.</p>")
    samples = Samples(document)
    parts += [_answer(name, schema, samples) for name, schema in answers(document).items()]
    parts.append('<h2 id="schemas">schemas</h2>')
    parts += [_schema(name, schema) for name, schema in schemas.items()]
    return "".join(parts)


def _operation(method: str, path: str, operation: Json) -> str:
    scope = scope_of(operation)
    told = f"<code>{scope}</code>" if scope else "no key"
    parts = [f'<h3 id="{operation["operationId"]}"><code>{method} {escape(path)}</code></h3>']
    parts.append(f'<p>{_marked(operation.get("description", ""))} <span class="muted">{told}</span></p>')
    if parameters := operation.get("parameters"):
        rows = [
            (
                f"<code>{escape(one['name'])}</code>",
                one["in"],
                _kind(one["schema"]),
                _marked(one.get("description", "")),
            )
            for one in parameters
        ]
        parts.append(_table(("Parameter", "In", "Holds", "What it is"), rows))
    if body := operation.get("requestBody"):
        parts.append(f"<p>Body: {_contents(body)}</p>")
    told_of = [
        f"<li><code>{status}</code> {_marked(answer['description'])} {_contents(answer)}"
        f"{_sampled(status, answer)}</li>"
        for status, answer in operation["responses"].items()
        if status != "default"
    ]
    codes = " ".join(f"<code>{code}</code>" for code in operation.get("x-problem-codes", ()))
    parts.append(f"<ul>{''.join(told_of)}</ul>")
    parts.append(f"<details><summary>Problems</summary><p>{codes}</p></details>")
    return "".join(parts)


def _contents(body: Json) -> str:
    return ", ".join(
        f"<code>{escape(kind)}</code> {_kind(content.get('schema', {}))}"
        for kind, content in body.get("content", {}).items()
    )


def answers(document: Json) -> dict[str, Json]:
    """What operations answer with as JSON when all goes well, each once, by what it is called."""
    found: dict[str, Json] = {}
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if (schema := _good(status, answer)) is not None:
                found.setdefault(kind_of(schema), schema)
    return found


def _good(status: str, answer: Json) -> Json | None:
    """The schema of an answer of 2xx in JSON; None for any other."""
    if not status.startswith("2"):
        return None
    return answer.get("content", {}).get("application/json", {}).get("schema") or None


def _sampled(status: str, answer: Json) -> str:
    """The way to samples of the answer."""
    schema = _good(status, answer)
    return "" if schema is None else f' (<a href="#answer-{slug(kind_of(schema))}">full and empty</a>)'


def _answer(name: str, schema: Json, samples: Samples) -> str:
    parts = [f'<h3 id="answer-{slug(name)}"><code>{escape(name)}</code></h3>']
    for called, one in (("Full", samples.full(schema)), ("Empty", samples.empty(schema))):
        text = escape(json.dumps(one, indent=1, ensure_ascii=False))
        parts.append(f'<p>{called}:</p><pre tabindex="0"><code>{text}</code></pre>')
    return "".join(parts)


def _schema(name: str, schema: Json) -> str:
    required = set(schema.get("required", ()))
    rows = [
        (
            f"<code>{escape(field)}</code>{'' if field in required else ' (may be left out)'}",
            _kind(one),
            _marked(str(one.get("description", ""))),
        )
        for field, one in schema.get("properties", {}).items()
    ]
    fields = _table(("Field", "Holds", "What it is"), rows) if rows else f"<p>{_kind(schema)}</p>"
    return f'<h3 id="{name}"><code>{name}</code></h3><p>{_marked(schema.get("description", ""))}</p>{fields}'


def _kind(schema: Json) -> str:
    """What it holds, with links to the schemas that are named."""
    told = escape(kind_of(schema))
    for name in sorted(set(re.findall(r"#/components/schemas/(\w+)", json.dumps(schema)))):
        told = re.sub(rf"\b{name}\b", f'<a href="#{name}">{name}</a>', told)
    return told


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"
    return f'<div class="wide" tabindex="0">{table}</div>\n'


def slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-")


def _page(
    language: Language, title: str, body: str, *, other: Language | None, at: str = "/developers"
) -> str:
    """The whole document. In the `other` language, if there is one, it is below the address `at`."""
    words = _WORDS[language]
    guides: list[Language] = [other] if other is not None else [*PROSE]
    links = [
        f'<a href="{at}/{one}" lang="{one}" hreflang="{one}">'
        f"{words['other'] if other else _WORDS[one]['title']}</a>"
        for one in guides
    ]
    if other is not None:
        links.insert(0, f'<a href="/developers/reference">{words["reference"]}</a>')
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Autodetective</title>
<link rel="stylesheet" href="/developers/page.css">
</head>
<body>
<header><a href="/">Autodetective</a>{"".join(links)}</header>
<main>
{body}
</main>
</body>
</html>
"""
