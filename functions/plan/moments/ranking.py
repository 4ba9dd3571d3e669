"""From a transcript and the model's choice to moments: each cut where sentences end, none over another, ranked.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from functions.plan.moments.question import Judgement, Judgements, PlannerMoment, RankingReply
from functions.plan.phrases import Phrase
from functions.plan.timeline import MOST_SILENCE, Timeline
from shared.budget.pricing import parts_of
from shared.client_values import plain_line
from shared.errors import PlanInvalid
from shared.film.moments import MOST_POINTS, Rating, Rubric
from shared.film.running_text import join_texts
from shared.publishing.words import shorten
from shared.recordings.limits import OVER, SHORTEST_CLIP

# Two with this share of their words in common say the same.
SAME_WORDS = 0.8
# A moment has at least this share of what was asked for, if the recording has as much.
LEAST = 0.5
TITLE_LENGTH = 80
LINE_LENGTH = 160
REASON_LENGTH = 300


@dataclass(frozen=True)
class MomentLengths:
    """How long a moment may be, and is wished to be."""

    shortest: float
    target: float
    longest: float


@dataclass(frozen=True)
class Candidate:
    """A moment that can be cut out: its first and its last phrase, both included, and how it was judged."""

    first: int
    last: int
    title: str
    hook: str
    reason: str
    rubric: Rubric

    @property
    def score(self) -> int:
        """Its points out of 100."""
        return self.rubric.score

    def seconds(self, phrases: Sequence[Phrase]) -> float:
        """Return how long it lasts."""
        return round(phrases[self.last].end - phrases[self.first].start, 3)


def lengths_of(phrases: Sequence[Phrase], target: float) -> MomentLengths:
    """Return how long moments of these phrases may be when they are asked for with a length of `target`."""
    speech = sum(phrase.seconds for phrase in phrases if not phrase.silent)
    shortest = max(SHORTEST_CLIP, LEAST * target)
    return MomentLengths(min(shortest, speech), target, target + OVER)


def parts(phrases: Sequence[Phrase]) -> list[list[Phrase]]:
    """Return the phrases in as many parts of about one length as are read one by one, parted where sentences end."""
    seconds = phrases[-1].end - phrases[0].start
    # Never more of them: each costs an answer.
    most = parts_of(seconds)
    length = seconds / most
    result: list[list[Phrase]] = [[]]
    for phrase in phrases:
        is_full = result[-1] and phrase.start - result[-1][0].start >= length - phrase.seconds / 2
        if is_full and result[-1][-1].ends_sentence and len(result) < most:
            result.append([])
        result[-1].append(phrase)
    return result


def candidates(moments: Sequence[PlannerMoment], part: Sequence[Phrase], lengths: MomentLengths) -> list[Candidate]:
    """Return the moments of a part that can be cut out, moved to where sentences begin and end."""
    places = _Places(part, lengths)
    return [
        Candidate(
            *place,
            title=shorten(plain_line(moment.title), TITLE_LENGTH) or "A moment",
            hook=shorten(plain_line(moment.hook), LINE_LENGTH),
            reason=shorten(plain_line(moment.reason), REASON_LENGTH),
            rubric=_rubric(moment.rubric),
        )
        for moment in moments
        if (place := places.nearest(moment.first_phrase, moment.last_phrase))
    ]


def judged_anew(moments: Sequence[Candidate], reply: RankingReply) -> list[Candidate]:
    """Return the moments as they are judged among each other; one that the reply leaves out stays as it was judged."""
    rubrics = {row.number: row.rubric for row in reply.moments}
    return [
        replace(moment, rubric=_rubric(rubrics[number])) if number in rubrics else moment
        for number, moment in enumerate(moments)
    ]


def best(moments: Sequence[Candidate], count: int, phrases: Sequence[Phrase]) -> list[Candidate]:
    """Return the `count` best that do not overlap, the best first; raise PlanInvalid when there is none.

    One that says again what a better one says is chosen only where there are too few others.
    """
    choice: list[Candidate] = []
    for is_again in (False, True):
        for moment in sorted(moments, key=lambda each: (-each.score, each.first)):
            if len(choice) < count and _is_apart(moment, choice) and (is_again or _is_new(moment, choice, phrases)):
                choice.append(moment)
    if not choice:
        raise PlanInvalid(
            "The planning model named no moment that can be cut out of the recording; another length may fit better."
        )
    return sorted(choice, key=lambda each: (-each.score, each.first))


def _is_apart(moment: Candidate, others: Sequence[Candidate]) -> bool:
    return all(moment.last < other.first or other.last < moment.first for other in others)


def _is_new(moment: Candidate, others: Sequence[Candidate], phrases: Sequence[Phrase]) -> bool:
    """Return whether it says something else than the others: many a show begins with a part of itself."""
    words = Counter(text_of(moment, phrases).lower().split())
    for other in others:
        other_words = Counter(text_of(other, phrases).lower().split())
        common = (words & other_words).total()
        if 2 * common >= SAME_WORDS * (words.total() + other_words.total()):
            return False
    return True


def text_of(moment: Candidate, phrases: Sequence[Phrase]) -> str:
    """Return what is said in it."""
    return join_texts(phrase.text for phrase in phrases[moment.first : moment.last + 1])


def _rubric(reply: Judgements) -> Rubric:
    return Rubric(
        hook=_rating(reply.hook),
        self_contained=_rating(reply.self_contained),
        emotion=_rating(reply.emotion),
        novelty=_rating(reply.novelty),
    )


def _rating(reply: Judgement) -> Rating:
    points = min(max(reply.points, 0), MOST_POINTS)
    return Rating(points=points, because=shorten(plain_line(reply.because), LINE_LENGTH))


class _Places:
    """Where moments of a part may begin and end."""

    def __init__(self, part: Sequence[Phrase], lengths: MomentLengths) -> None:
        self._part = part
        self._lengths = lengths
        # Phrases are known by their numbers in the recording; a timeline counts those that it has.
        self._offset = part[0].index
        self._timeline = Timeline(list(part), lengths.target, lengths.longest)
        self._choices = list(self._between_sentences()) or list(self._between_pauses())

    def nearest(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the place that differs least from phrases `first` to `last`, None where there is none near."""
        end = len(self._part) - 1
        begin = min(max(first - self._offset, 0), end)
        stop = min(max(last - self._offset, 0), end)
        if first > last or not self._choices:
            return None
        wish = self._part[begin].start, self._part[stop].end
        place = min(self._choices, key=lambda each: self._difference(each, wish))
        # Another place altogether is none that the model has judged.
        is_near = self._part[place[0]].start < wish[1] and self._part[place[1]].end > wish[0]
        return (place[0] + self._offset, place[1] + self._offset) if is_near else None

    def _difference(self, place: tuple[int, int], wish: tuple[float, float]) -> float:
        return abs(self._part[place[0]].start - wish[0]) + abs(self._part[place[1]].end - wish[1])

    def _between_sentences(self) -> Iterator[tuple[int, int]]:
        part = self._part
        begins = [n for n in range(len(part)) if self._begins_sentence(n)]
        return self._fitting(begins, [n for n, phrase in enumerate(part) if phrase.ends_sentence])

    def _begins_sentence(self, number: int) -> bool:
        """Return whether what is said before a phrase has ended: who falls silent may go on with the same sentence."""
        speech = next((phrase for phrase in reversed(self._part[:number]) if not phrase.silent), None)
        return speech is None or speech.ends_sentence

    def _between_pauses(self) -> Iterator[tuple[int, int]]:
        """Yield the places of speech in which no sentence ends soon enough, or none is told."""
        part = self._part
        begins = [n for n in range(len(part)) if n == 0 or part[n - 1].clean]
        return self._fitting(begins, [n for n, phrase in enumerate(part) if phrase.clean])

    def _fitting(self, begins: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
        timeline = self._timeline
        shortest = round(self._lengths.shortest, 3)
        for first in begins:
            for last in ends:
                if last < first or self._part[first].silent or self._part[last].silent:
                    continue
                seconds = timeline.seconds(first, last)
                if seconds > self._lengths.longest:
                    break
                if round(seconds, 3) >= shortest and timeline.silence(first, last) <= MOST_SILENCE:
                    yield first, last
