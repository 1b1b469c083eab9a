"""Questions as Elasticsearch is asked them.

A term scores what its best alternative is worth, and a document the sum of that: small whole numbers, which are
exact in a score. How frequent a word is changes nothing. What comes from a question is a value, never a query.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from service_kit.search import names
from service_kit.search.asking.findable import findable
from service_kit.search.documents import BETWEEN, TextField
from service_kit.search.elastic import grams
from service_kit.search.elastic.documents import ANY_KIND, moment
from service_kit.search.questions import (
    ANY,
    MOST_COUNTED,
    MOST_VALUES,
    SHORTEST_MISTAKEN,
    SHORTEST_PART,
    Fit,
    NamePattern,
    Place,
    Question,
    Term,
    Words,
)
from service_kit.search.storable import is_storable

Query = dict[str, Any]

_NOTHING: Final[Query] = {"match_none": {}}
# Each shard tells of so many values: with fewer the sum over shards could leave out one that is frequent.
_COUNTING: Final = {"size": MOST_VALUES, "shard_size": 1000, "execution_hint": "global_ordinals"}
_AMONG: Final = BETWEEN
_HOW_MANY: Final = "doc_count"
# Of the beginnings of words that the index has by themselves (`max_chars` of the template), in bytes: when it
# looks for several in their order, the server counts those.
_LONGEST_BEGINNING: Final = 19


def search(question: Question, facets: Collection[str], *, after: Place | None, limit: int) -> Query:
    """The body of a search, where documents have these facets."""
    chosen = {
        facet: _is_one_of(facet, values) if facet in facets else _NOTHING
        for facet, values in question.facets.items()
    }
    body: Query = {
        "query": _answers(question),
        "size": limit,
        "sort": [{"_score": "desc"}, {"at": "desc"}, {"id": "desc"}],
        "track_total_hits": MOST_COUNTED,
        "version": True,
        "_source": False,
    }
    if chosen:
        body["post_filter"] = {"bool": {"filter": list(chosen.values())}}
    if counting := [facet for facet in question.counting if facet in facets]:
        body["aggs"] = _counts(counting, chosen)
    if after is not None:
        body["search_after"] = [after.fit, moment(after.at), str(after.id)]
    return body


def counted(aggregations: Mapping[str, Any]) -> dict[str, tuple[tuple[str, int], ...]]:
    """What an answer to `search` says of each facet that it counted."""
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for name, told in aggregations.items():
        if name.startswith(_AMONG):
            found |= counted({facet: one for facet, one in told.items() if facet != _HOW_MANY})
        else:
            found[name] = tuple((one["key"], one["doc_count"]) for one in told["buckets"])
    return found


def _answers(question: Question) -> Query:
    conditions: list[Query] = [{"match_all": {}}]  # without any a document would be worth something
    if question.owner is not None:
        conditions.append(_is("owner", question.owner))
    bounds = {"gte": question.since, "lt": question.until}
    if moments := {bound: moment(at) for bound, at in bounds.items() if at is not None}:
        conditions.append({"range": {"at": moments}})
    return {"bool": {"must": [_fits(term) for term in question.terms], "filter": conditions}}


def _is(field: str, value: str) -> Query:
    return {"term": {field: value}} if is_storable(value) else _NOTHING


def _is_one_of(facet: str, values: frozenset[str]) -> Query:
    return {"terms": {f"facets.{facet}": sorted(filter(is_storable, values))}}


def _fits(term: Term) -> Query:
    found = [way for alternative in term.alternatives for way in _ways(alternative)]
    return {"dis_max": {"queries": found}} if found else _NOTHING


def _ways(alternative: NamePattern | Words) -> Iterator[Query]:
    """How a document may fit it, each with what that is worth."""
    match findable(alternative):
        case Words() as words:
            for condition in _texts(words):
                yield _worth(Fit.WORD, condition)
        case NamePattern() as name:
            for kind in sorted(name.kinds) or [ANY_KIND]:
                for fit, condition in _names(name, f"names.{kind}"):
                    yield _worth(fit, condition)
        case None:
            pass


def _worth(fit: Fit, condition: Query) -> Query:
    return {"constant_score": {"filter": condition, "boost": int(fit)}}


def _names(pattern: NamePattern, field: str) -> Iterator[tuple[Fit, Query]]:
    key = pattern.key
    if pattern.is_pattern:
        phrase = grams.of_pattern(key)
        # Without a phrase every name with the same beginning is compared.
        spelled = _stands(field, phrase) if phrase else {"wildcard": {f"{field}.key": {"value": key}}}
        yield (Fit.PART if ANY in key else Fit.WHOLE), spelled
        return
    yield Fit.WHOLE, {"term": {f"{field}.key": key}}
    yield Fit.END, _stands(field, grams.beginning(key))
    if len(key) >= SHORTEST_PART:
        yield Fit.END, _stands(field, grams.ending(key))
        yield Fit.PART, _stands(field, grams.within(key))
    if len(key) >= SHORTEST_MISTAKEN:
        yield Fit.MISTAKEN, _is_mistaken(field, names.skeleton(key))


def _stands(field: str, phrase: str) -> Query:
    return {"match_phrase": {f"{field}.grams": phrase}}


def _is_mistaken(field: str, skeleton: str) -> Query:
    # As it rewrites itself otherwise, it looks at the fifty likest names and at no more.
    options = {"value": skeleton, "fuzziness": 1, "transpositions": True, "rewrite": "constant_score"}
    return {"fuzzy": {f"{field}.skeleton": options}}


def _texts(asked: Words) -> Iterator[Query]:
    words = list(asked.words)
    fields = [f"texts.{field}" for field in sorted(asked.fields or TextField)]
    yield {"multi_match": {"query": " ".join(words), "type": "phrase", "fields": fields}}
    if asked.is_begun:
        for field in fields:
            yield _goes_on(field, words)


def _goes_on(field: str, words: list[str]) -> Query:
    """The words, of which the last goes on as it was typed: the stem of half a word is no beginning of it."""
    *before, begun = words
    begins: Query = {"prefix": {field: {"value": begun, "rewrite": "constant_score"}}}
    if not before:
        return begins
    # Of a longer beginning it would look at the words that there are, and fail where they are more than a few.
    beginning = begun.encode()[:_LONGEST_BEGINNING].decode(errors="ignore")
    steps = [*({"match": {"query": word}} for word in before), {"prefix": {"prefix": beginning}}]
    in_order: Query = {"intervals": {field: {"all_of": {"ordered": True, "max_gaps": 0, "intervals": steps}}}}
    return in_order if beginning == begun else {"bool": {"filter": [in_order, begins]}}


def _counts(facets: Iterable[str], chosen: Mapping[str, Query]) -> Query:
    """Each facet is counted as if nothing were chosen in it.

    Those that the same is chosen beside are counted together: the server answers the question once more for each
    condition, and for what has none it answers it once for all.
    """
    found: Query = {}
    groups: dict[frozenset[str], list[str]] = {}
    for facet in facets:
        groups.setdefault(frozenset(chosen.keys() - {facet}), []).append(facet)
    for beside, together in groups.items():
        # Left to itself, the server may ask for each value by itself as well.
        counts = {facet: {"terms": {"field": f"facets.{facet}", **_COUNTING}} for facet in together}
        if beside:
            condition = {"bool": {"filter": [chosen[other] for other in sorted(beside)]}}
            found[f"{_AMONG}{len(found)}"] = {"filter": condition, "aggs": counts}
        else:
            found |= counts
    return found
