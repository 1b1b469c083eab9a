"""What an index of search promises, written out over a dictionary: engines are compared with it.

It knows no forms of words: a word is found as it stands there.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from service_kit.search.documents import Change, Document, TextField, flaw_of
from service_kit.search.names import fit
from service_kit.search.port import IndexWrong, Outcome, Written
from service_kit.search.questions import (
    MOST_COUNTED,
    MOST_VALUES,
    Answer,
    Fit,
    Hit,
    NamePattern,
    Place,
    Question,
    Term,
    Words,
)
from service_kit.search.words import words_of

Copies = dict[int, dict[UUID, Change]]


@dataclass
class MemoryIndex:
    """`SearchIndex` in memory: what is `kept` of each copy, and which one is `published`."""

    kept: Copies = field(default_factory=Copies)
    published: int | None = None

    @property
    def documents(self) -> dict[UUID, Document]:
        """What can be found now."""
        return self.documents_in(self.published or 0)

    def documents_in(self, copy: int) -> dict[UUID, Document]:
        return {one.id: one for one in self.kept.get(copy, {}).values() if isinstance(one, Document)}

    def reached(self) -> None:
        """Called before anything is asked of it."""

    async def check(self) -> None:
        self.there(self.published)

    async def copies(self) -> Sequence[int]:
        self.reached()
        return sorted(self.kept)

    async def live(self) -> int | None:
        self.reached()
        return self.published

    async def create(self, copy: int) -> None:
        self.reached()
        self.kept.setdefault(copy, {})

    async def publish(self, copy: int) -> None:
        self.there(copy)
        self.published = copy

    async def drop(self, copy: int) -> bool:
        self.reached()
        self.kept.pop(copy, None)
        if self.published == copy:
            self.published = None
        return False

    async def write(self, copy: int, changes: Sequence[Change]) -> list[Written]:
        held = self.there(copy)
        return [self.put(held, change) for change in changes]

    async def refresh(self, copy: int) -> None:
        self.there(copy)

    async def versions(self, copy: int, *, after: UUID | None, limit: int) -> list[tuple[UUID, int]]:
        self.there(copy)
        found = sorted((one.id, one.version) for one in self.documents_in(copy).values())
        return [one for one in found if after is None or one[0] > after][:limit]

    async def search(self, question: Question, *, after: Place | None, limit: int) -> Answer:
        self.there(self.published)
        documents = list(self.documents.values())
        hits = sorted(_hits(documents, question), key=lambda hit: hit.place, reverse=True)
        rest = [hit for hit in hits if after is None or hit.place < after]
        counts: dict[str, tuple[tuple[str, int], ...]] = {}
        for name in question.counting:
            others = {other: chosen for other, chosen in question.facets.items() if other != name}
            found = {hit.place.id for hit in _hits(documents, replace(question, facets=others))}
            numbers = Counter(
                value for one in documents if one.id in found for value in one.facets.get(name, ())
            )
            counts[name] = tuple(sorted(numbers.items(), key=lambda item: (-item[1], item[0]))[:MOST_VALUES])
        return Answer(hits=tuple(rest[:limit]), total=min(len(hits), MOST_COUNTED), counts=counts)

    async def close(self) -> None: ...

    def there(self, copy: int | None) -> dict[UUID, Change]:
        """What is in a copy. Raises IndexWrong."""
        self.reached()
        if copy is None or copy not in self.kept:
            raise IndexWrong("there is no such copy")
        return self.kept[copy]

    def put(self, held: dict[UUID, Change], change: Change) -> Written:
        if (why := flaw_of(change)) is not None:
            return Written(change.id, Outcome.REFUSED, why)
        known = held.get(change.id)
        if known is not None and known.version >= change.version:
            return Written(change.id, Outcome.OLDER)
        held[change.id] = change
        return Written(change.id, Outcome.TAKEN)


def _hits(documents: Iterable[Document], question: Question) -> Iterable[Hit]:
    for document in documents:
        how_well = _fits(document, question)
        if how_well is not None:
            yield Hit(Place(how_well, document.at, document.id), document.version)


def _fits(document: Document, question: Question) -> int | None:
    is_meant = (
        (question.owner is None or document.owner == question.owner)
        and all(document.facets.get(name, frozenset()) & chosen for name, chosen in question.facets.items())
        and (question.since is None or document.at >= question.since)
        and (question.until is None or document.at < question.until)
    )
    fits = [_fit_of(document, term) for term in question.terms]
    if not is_meant or None in fits:
        return None
    return sum(one for one in fits if one is not None)


def _fit_of(document: Document, term: Term) -> Fit | None:
    found = [how for one in term.alternatives for how in _ways(document, one)]
    return max(found, default=None)


def _ways(document: Document, one: NamePattern | Words) -> Iterable[Fit]:
    if isinstance(one, Words):
        if any(_stands(one, words_of(document.texts.get(where, ""))) for where in one.fields or TextField):
            yield Fit.WORD
        return
    for name in document.names:
        how = fit(one, name.key)
        if how is not None and (not one.kinds or name.kind in one.kinds):
            yield how


def _stands(wanted: Words, words: Sequence[str]) -> bool:
    phrase = words_of(" ".join(wanted.words))
    if not phrase:
        return False
    *known, last = phrase
    return any(
        list(words[at : at + len(known)]) == known
        and at + len(known) < len(words)
        and (words[at + len(known)] == last or (wanted.is_begun and words[at + len(known)].startswith(last)))
        for at in range(len(words))
    )
