"""The OpenAPI document of a service: what FastAPI writes, made valid, whole and fit for generated clients."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from fastapi import FastAPI

from service_kit.http import problems
from service_kit.http.access import routes_of
from service_kit.http.credentials import SAFE_METHODS, CrossSiteRequest
from service_kit.http.problems import Problem, ProblemBody
from service_kit.http.reach import problems_of
from service_kit.http.route import CheckedRoute
from service_kit.logs import CORRELATION_HEADER

Json = dict[str, Any]
REF: Final = "#/components/schemas/"
# What any request may be answered with, whatever it asks for.
ANYWHERE: Final[tuple[type[Problem], ...]] = (
    problems.BodyTooLarge,
    problems.ForbiddenCharacter,
    problems.InternalError,
    problems.InvalidJson,
    problems.MalformedRequest,
    problems.TemporarilyUnavailable,
    problems.TimedOut,
)
_OF_HTTP: Final = ("bad_request", "method_not_allowed", "unsupported_media_type")
_EVENTS: Final = (
    "Server-sent events for as long as the connection lasts, each with some of the fields {fields}."
)
# What a name does not say: units, shapes. A field that is described itself keeps its own words.
_CONVENTIONS: Final[tuple[tuple[str, str], ...]] = (
    (r"(.*_)?seconds", "In seconds."),
    (r"(.*_)?minutes", "In minutes."),
    (r"(.*_)?bytes|size", "In bytes."),
    (r"width|height|max_edge", "In pixels."),
    (r"(.*_)?sha256", "SHA-256 of the file's bytes, as 64 hexadecimal digits."),
    (r"next_cursor", "Send it as `cursor` to get the next page; null on the last one."),
    (r"cursor", "`next_cursor` of the page before; its inside is ours."),
    (r"limit", "How many at most."),
    (r"version", "Rises with every change."),
    (r"(.*_)?url", "An address; a relative one is of this service."),
    (r"locale|language", "`ru` or `en`."),
)
_INSTANT: Final = "An instant by ISO 8601, with its offset; we send UTC."
_DAY: Final = "A day, as YYYY-MM-DD."


def header(description: str, *, of: str = "string") -> Json:
    """For `responses={…: {"headers": {…}}}` of a route."""
    return {"description": description, "schema": {"type": of}}


ETAG: Final = {
    "ETag": header("The version that was sent. Send it back as `If-None-Match`, to get 304 if it stands.")
}
_LINK: Final = {"Link": header('The next page, as `rel="next"` (RFC 8288); none after the last one.')}


@dataclass(frozen=True, slots=True)
class KeySchemes:
    """How programs show who they are: keys of this form, with these scopes.

    With a `token_url` they may get tokens for them there.
    """

    form: str
    scopes: Mapping[str, str]
    token_url: str | None = None

    def schemes(self) -> Json:
        told = f"For programs: a key such as `{self.form}`, in `Authorization: Bearer`."
        if self.token_url is None:
            told += "".join(f"\n- `{scope}`: {grant}" for scope, grant in self.scopes.items())
        schemes: Json = {"ApiKey": {"type": "http", "scheme": "bearer", "description": told}}
        if self.token_url is not None:
            flow = {"tokenUrl": self.token_url, "scopes": dict(self.scopes)}
            schemes["ClientCredentials"] = {"type": "oauth2", "flows": {"clientCredentials": flow}}
        return schemes


def install(app: FastAPI, *, packages: frozenset[str], keys: KeySchemes | None = None) -> None:
    """Have `app.openapi()` write the whole document. `packages` are those whose code is read for problems.

    Of a route that a key opens it says which scope that has to have.
    """
    make = app.openapi

    def openapi() -> Json:
        if not app.openapi_schema:
            document = _whole(make(), app, packages)
            if keys is not None:
                _tell_of_keys(document, app, keys)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] - FastAPI's documented way to extend the document


def _whole(document: Json, app: FastAPI, packages: frozenset[str]) -> Json:
    schemas: Json = document.setdefault("components", {}).setdefault("schemas", {})
    body = ProblemBody.model_json_schema(mode="serialization", ref_template=REF + "{model}")
    schemas |= body.pop("$defs", {}) | {"ProblemBody": body}
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own 422, which is never sent
        schemas.pop(name, None)
    known = {problem.code: problem.status for problem in ANYWHERE}
    document["x-problem-codes"] = sorted([*known, *_OF_HTTP])
    document["servers"] = [{"url": "/", "description": "The service that gave this document out."}]
    raised = _raised(app, packages)
    for where, operation in operations(document):
        _complete(operation, [problem for problem in raised.get(where, ()) if problem.code not in known])
    _name_twins(document)
    for node in _nodes(document):
        _make_plain(node)
    for schema in document["components"]["schemas"].values():
        _describe(cast("Json", schema.get("properties", {})).items())
    return document


def _tell_of_keys(document: Json, app: FastAPI, keys: KeySchemes) -> None:
    schemes = keys.schemes()
    document["components"]["securitySchemes"] |= schemes
    opened = {
        (method, route.path_format): route.key_scope
        for route in routes_of(app)
        if isinstance(route, CheckedRoute)
        for method in route.methods or ()
    }
    for where, operation in operations(document):
        if (scope := opened.get(where)) is not None:
            operation["security"] += [{name: [scope]} for name in schemes]


def operations(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Json]]:
    """Each operation of a document, with its method (in capitals) and its path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield (method.upper(), path), operation


def _raised(app: FastAPI, packages: frozenset[str]) -> dict[tuple[str, str], list[type[Problem]]]:
    found: dict[tuple[str, str], list[type[Problem]]] = {}
    for route in routes_of(app):
        problems = problems_of(route, packages)
        for method in route.methods or ():
            never = {CrossSiteRequest} if method in SAFE_METHODS else set[type[Problem]]()
            found[method, route.path_format] = [problem for problem in problems if problem not in never]
    return found


def _complete(operation: Json, raised: list[type[Problem]]) -> None:
    responses: Json = operation["responses"]
    responses.pop("422", None)
    operation.setdefault("security", [])
    operation["x-problem-codes"] = [problem.code for problem in raised]
    told = "".join(f"\n- `{problem.code}` ({int(problem.status)}): {problem.en}" for problem in raised)
    default = {
        "description": f"A problem (RFC 9457): one that may come anywhere{', or of' if told else '.'}{told}",
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": REF + "ProblemBody"}}},
        "headers": {
            CORRELATION_HEADER: header("Quote it when you ask us about this request."),
            "Retry-After": header("After how many seconds to try again, if that helps.", of="integer"),
        },
    }
    responses["default"] = default
    for parameter in operation.get("parameters", ()):
        _describe([(parameter["name"], parameter["schema"])], into=parameter)
    for response in responses.values():
        for kind, content in cast("Json", response.get("content", {})).items():
            if "itemSchema" in content:  # a word of OpenAPI 3.2
                fields = ", ".join(f"`{name}`" for name in content.pop("itemSchema")["properties"])
                response["description"] = _EVENTS.format(fields=fields)
                content["schema"] = {"type": "string"}
            elif kind == "application/json" and "/PageOf_" in content["schema"].get("$ref", ""):
                response["headers"] = _LINK


def _name_twins(document: Json) -> None:
    """Have schemas whose classes share a name begin with their slice, `VinRegion`. The title is the name."""
    schemas: Json = document["components"]["schemas"]
    names = {name: _short(name) for name in schemas}
    if len(set(names.values())) < len(names):
        raise ValueError("two schemas of one name")
    document["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    for name, schema in document["components"]["schemas"].items():
        schema["title"] = name
    for node in _nodes(document):
        if isinstance(reference := node.get("$ref"), str) and reference.startswith(REF):
            node["$ref"] = REF + names[reference.removeprefix(REF)]
        kinds = node.get("mapping") if "propertyName" in node else None  # of a discriminator
        for kind, named in cast("Json", kinds if isinstance(kinds, dict) else {}).items():
            node["mapping"][kind] = REF + names[named.removeprefix(REF)]


def _short(name: str) -> str:
    if "__" not in name:
        return name.rstrip("_")
    *modules, own = name.split("__")
    told = [module for module in modules if module not in {"core", "domain", "schemas", "models", "words"}]
    return "".join(part.capitalize() for part in told[-1].split("_")) + own


def _make_plain(node: Json) -> None:
    """Take out what generators of clients trip over, and what says nothing."""
    if node.get("default") == {}:  # no value that Java or Kotlin could compile
        del node["default"]
    if isinstance(node.get("const"), bool):
        node["description"] = f"Always `{str(node.pop('const')).lower()}`."
    for part in cast("Json", node["properties"] if isinstance(node.get("properties"), dict) else {}).values():
        part.pop("title", None)  # the name once more, which some take for that of a class
    if "in" in node and "schema" in node:
        node["schema"].pop("title", None)


def _describe(named: Iterable[tuple[str, Json]], *, into: Json | None = None) -> None:
    for name, schema in named:
        target = schema if into is None else into
        if "description" in target or "$ref" in schema:
            continue
        kinds = [schema, *schema.get("anyOf", ())]
        formats = {kind.get("format") for kind in kinds}
        fitting = [text for pattern, text in _CONVENTIONS if re.fullmatch(pattern, name)]
        if "date-time" in formats:
            fitting = [_INSTANT]
        elif "date" in formats:
            fitting = [_DAY]
        if fitting:
            target["description"] = fitting[0]


def _nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in list(cast("Json", value).values()):
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _nodes(inner)
