"""What was looked at: the photos by what they show, when they were taken and by whose word, and what was answered
in place of a photo.
"""

from collections.abc import Iterator

from shared_schemas.report.content import ReportPhoto
from shared_schemas.report.presented import (
    Block,
    Fact,
    Facts,
    Paragraph,
    Picture,
    PictureGrid,
    Quotation,
    Quoted,
    Reader,
)
from shared_schemas.report.presenting.telling import Telling
from shared_schemas.words import CapturedAtSource, Shot


def seen(telling: Telling) -> Iterator[Block]:
    """What the client worries about is their own: a seller does not read it."""
    report, words = telling.report, telling.words
    if report.worry and telling.reader is not Reader.SELLER:
        yield Quotation(quoted=Quoted(words=report.worry, by=words.say_to_reader("seen.worry")))
    if report.photos:
        text = words.say("seen.photos", photos=words.counted("count.photo", len(report.photos)))
        yield Paragraph(text=text)
        yield from _grids(telling) if telling.scope.photos else _names(telling)
    if instead := answered(telling, photographed=False):
        yield Facts(title=words.say("seen.answers"), facts=instead)
    if beside := answered(telling, photographed=True):
        yield Facts(title=words.say("seen.answers_beside"), facts=beside)


def answered(telling: Telling, *, photographed: bool) -> tuple[Fact, ...]:
    """What was answered of places of which there is a photo all the same, or is none."""
    report, words = telling.report, telling.words
    seen = {one.shot for one in report.photos}
    return tuple(
        Fact(label=words.say(f"shot.{one.shot}"), value=words.say(f"answer.{one.answer}"))
        for one in report.shot_answers
        if (one.shot in seen) == photographed
    )


def _grids(telling: Telling) -> Iterator[Block]:
    for shot in Shot:
        of_shot = [one for one in telling.report.photos if one.shot is shot]
        if of_shot:
            title = telling.words.say(f"shot.{shot}")
            pictures = tuple(_picture(telling, title, place, one) for place, one in enumerate(of_shot, 1))
            yield PictureGrid(title=title, pictures=pictures)


def _names(telling: Telling) -> Iterator[Block]:
    """How many of which, where the photos themselves are not shown."""
    words = telling.words
    shots = [one.shot for one in telling.report.photos]
    facts = tuple(
        Fact(label=words.say(f"shot.{shot}"), value=words.counted("count.photo", shots.count(shot)))
        for shot in Shot
        if shot in shots
    )
    yield Facts(facts=facts)
    yield Paragraph(text=words.say("seen.not_shown"))


def _picture(telling: Telling, title: str, place: int, photo: ReportPhoto) -> Picture:
    words = telling.words
    return Picture(
        evidence_id=photo.evidence_id,
        caption=_taken(telling, photo),
        alt=words.say("picture.of_shot", shot=title, number=str(place)),
    )


def _taken(telling: Telling, photo: ReportPhoto) -> str:
    """When it was taken, and who says so; when we got it, where nobody does."""
    words, formats = telling.words, telling.formats
    if photo.captured_at is None or photo.captured_at_source is CapturedAtSource.UNKNOWN:
        return words.say("taken.unknown", at=formats.moment(photo.received_at))
    is_local = photo.captured_at_source is CapturedAtSource.EXIF_LOCAL
    at = formats.as_shown(photo.captured_at) if is_local else formats.moment(photo.captured_at)
    return words.say(f"taken.{photo.captured_at_source}", at=at)
