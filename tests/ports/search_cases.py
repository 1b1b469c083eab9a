"""Documents and questions of few characters, so that they have much to do with each other."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from hypothesis import strategies as st

from service_kit.ids import new_id
from service_kit.search.documents import Document, Name, NameKind, TextField
from service_kit.search.questions import NamePattern, Question, Term, Words

BEGUN: Final = datetime(2026, 3, 1, tzinfo=UTC)
OWNERS: Final = ("anna", "boris", "carla's")
VERDICTS: Final = ("clean", "fake", "q\"uo'te\\d", "=")
MAKES: Final = ("SKODA", "ЛАДА")
# A word that ends with a digit has one form only, whichever stemmer reads it.
VOCABULARY: Final = ("k1", "k12", "k123", "z7", "з7", "9")
LETTERS: Final = "0O1I2Z8B5S"
KEYS: Final = ("0B12Z8", "0B12Z", "B012Z8", "OB1ZZ8", "12Z", "12", "Z8OB", "S5S5S5S5", "ДЖ12Z8")
NASTY: Final = (
    *("\x00", "%", "_", "\\", "'", '"', "''", "*", "?", "()", "[", "{", "a&b|!c", ":*", "<->", "k1:A"),
    *("🚗", "\u202ek1", "\ud800", "x" * 10_000, "9" * 10_000, "(" * 10_000, "; DROP TABLE", "²", "é", "ﬁ"),
    *("k1\x00", "*" * 500, "?" * 500 + "12", "1*" * 200, "^", "#12", "=12", "@anna", "/verdict=clean"),
)


def documents(count: int, *, seed: int) -> list[Document]:
    """Of which some are the same but for their ids and versions."""
    chance = Random(seed)
    return [document(chance, number) for number in range(1, count + 1)]


def document(chance: Random, version: int) -> Document:
    names = frozenset(_name(chance) for _ in range(chance.randrange(4)))
    fields = chance.sample(list(TextField), chance.randrange(4))
    facets = {
        "verdict": frozenset(chance.sample(VERDICTS, chance.randrange(3))),
        "make": frozenset(chance.sample(MAKES, 1)),
    }
    return Document(
        id=new_id(),
        version=version,
        owner=chance.choice(OWNERS),
        # Several of the same instant.
        at=BEGUN + timedelta(hours=chance.randrange(12)),
        names=names,
        texts={field: " ".join(chance.choices(VOCABULARY, k=chance.randrange(1, 6))) for field in fields},
        facets=facets,
    )


def _name(chance: Random) -> Name:
    kind = chance.choice(list(NameKind))
    if chance.random() < 0.5:
        return Name(kind, chance.choice(KEYS))
    return Name(kind, "".join(chance.choices(LETTERS, k=chance.randrange(1, 9))))


def plain(number: int, *, owner: str = "anna", **given: object) -> Document:
    """A document with little in it; the greater its number, the newer."""
    fields: dict[str, object] = {"version": 1, "at": BEGUN + timedelta(minutes=number), **given}
    return Document(id=UUID(int=number), owner=owner, **fields)  # pyright: ignore[reportArgumentType]  # checked by pydantic


def _pieces_of(keys: Sequence[str]) -> st.SearchStrategy[str]:
    def piece(key: str) -> st.SearchStrategy[str]:
        return st.tuples(st.integers(0, len(key) - 1), st.integers(1, len(key))).map(
            lambda ends: key[ends[0] : ends[0] + ends[1]]
        )

    return st.sampled_from(keys).flatmap(piece)


_ALPHABET: Final = LETTERS + "Ж"
_keys: Final = st.one_of(
    st.sampled_from(KEYS),
    _pieces_of(KEYS),
    st.text(alphabet=_ALPHABET, min_size=1, max_size=8),
    st.text(alphabet=_ALPHABET + "?*", min_size=1, max_size=9),
    st.sampled_from(KEYS).flatmap(
        lambda key: st.lists(st.sampled_from(range(len(key))), max_size=3).map(
            lambda places: "".join("?" if at in places else c for at, c in enumerate(key)) + "*"
        )
    ),
)
patterns: Final = st.builds(NamePattern, _keys, st.frozensets(st.sampled_from(NameKind), max_size=2))
words: Final = st.builds(
    Words,
    st.lists(st.sampled_from((*VOCABULARY, "k", "unknown0")), min_size=1, max_size=3).map(tuple),
    st.booleans(),
    st.frozensets(st.sampled_from(TextField), max_size=2),
)
terms: Final = st.builds(Term, st.lists(patterns | words, min_size=1, max_size=3).map(tuple))
_facets: Final = st.dictionaries(
    st.sampled_from(["verdict", "make", "none"]),
    st.frozensets(st.sampled_from((*VERDICTS, *MAKES)), max_size=3),
    max_size=2,
)
_moments: Final = st.none() | st.integers(-1, 13).map(lambda hours: BEGUN + timedelta(hours=hours))
owners: Final = st.sampled_from(OWNERS)
questions: Final = st.builds(
    Question,
    owner=st.none() | owners,
    terms=st.lists(terms, max_size=3).map(tuple),
    facets=_facets,
    since=_moments,
    until=_moments,
    counting=st.sampled_from([(), ("verdict",), ("make", "verdict"), ("none",)]),
)
_nasty: Final = st.sampled_from(NASTY) | st.text(max_size=30)
nasty_questions: Final = st.builds(
    Question,
    owner=owners | st.none() | _nasty,
    terms=st.lists(
        st.builds(
            Term,
            st.lists(
                st.builds(NamePattern, _nasty, st.frozensets(st.sampled_from(NameKind), max_size=1))
                | st.builds(Words, st.lists(_nasty, min_size=1, max_size=3).map(tuple), st.booleans()),
                min_size=1,
                max_size=2,
            ).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    facets=st.dictionaries(_nasty | st.just("verdict"), st.frozensets(_nasty, max_size=2), max_size=2),
    counting=st.lists(_nasty | st.just("verdict"), max_size=2, unique=True).map(tuple),
)
