"""From a transcript and the model's answer to a plan: scenes in whole frames, prompts, price.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.plan.doubt import SURE, SURE_OF_LANGUAGE
from functions.plan.excerpt import phrases_within
from functions.plan.material import word_of
from functions.plan.phrases import Phrase, phrases_of
from functions.plan.repair import Shot, repair_scenes
from functions.plan.timeline import MOST_SILENCE, Timeline
from functions.plan.transcript import SpokenWord, Transcript, mean_confidence
from shared.build import picture_edits
from shared.build.prompts import compose
from shared.choices.words import FEWEST_SPEAKERS, Style
from shared.contracts import PlanIn
from shared.errors import BudgetExceeded
from shared.film.picture_choices import PlacedPicture
from shared.film.plan import Plan, PlannedScene, Word
from shared.film.running_text import join_texts
from shared.models import video_models
from shared.models.plan_question import PlannerReply, within_limit
from shared.models.video_models import FRAME_RATE, ModelSpec
from shared.publishing.words import post_words

# Seconds by which a video must differ from what was asked for to be worth a note.
NOTICEABLE = 0.5


@dataclass(frozen=True)
class PlanBrief:
    """What the planning model is asked about: phrases it may use, target and longest clip in seconds.

    `all_phrases` are those of the whole recording, which an edit may use.
    """

    transcript: Transcript
    phrases: list[Phrase]
    all_phrases: list[Phrase]
    model: ModelSpec
    target: float
    style: Style

    @property
    def longest(self) -> float:
        """The longest clip that the model sells, in seconds."""
        return float(self.model.longest)

    @property
    def seconds(self) -> float:
        """How much of the recording is read."""
        return self.phrases[-1].end - self.phrases[0].start

    @property
    def timeline(self) -> Timeline:
        """The phrases with the limits of the film."""
        return Timeline(self.phrases, self.target, self.longest)

    @property
    def phrases_to_send(self) -> list[Phrase]:
        """The phrases that one request can carry; all of them but in a recording of very many words."""
        return within_limit(self.phrases)


def brief(transcript: Transcript, request: PlanIn, model_id: str) -> PlanBrief:
    """Return the brief of a recording; raise ModelRetired when the model cannot make what was asked for."""
    model = video_models.offer(model_id, request.options.aspect_ratio, request.options.resolution)
    # A phrase longer than the film that was asked for could never be part of it.
    longest = min(model.longest, request.options.target_duration)
    phrases = phrases_of(transcript, request.recording_seconds, longest)
    excerpt = phrases_within(phrases, request.options.excerpt)
    target = request.options.target_duration
    if request.options.excerpt:
        # A clip is the whole of its excerpt.
        target = max(target, excerpt[-1].end - excerpt[0].start)
    return PlanBrief(transcript, excerpt, phrases, model, target, request.options.style)


def plan(request: PlanIn, material: PlanBrief, reply: PlannerReply, pictures: Sequence[PlacedPicture] = ()) -> Plan:
    """Return the whole plan, with the user's own `pictures`; raise PlanInvalid when the answer cannot be repaired."""
    shots = repair_scenes(reply.scenes, material.timeline)
    start = material.phrases[shots[0].first].start
    end = material.phrases[shots[-1].last].end
    frames = _boundaries(shots, material.phrases, start)
    bare_plan = Plan(
        video_id=request.video_id,
        generation_id=request.generation_id,
        model=material.model.id,
        language_code=material.transcript.language_code,
        options=request.options,
        overall_theme=reply.overall_theme.strip()[:500],
        look=reply.look,
        publish=post_words(**reply.publish.model_dump()),
        negative_prompt=video_models.NEGATIVE_PROMPT,
        excerpt_start=round(start, 3),
        excerpt_end=round(start + frames[-1] / FRAME_RATE, 3),
        frame_rate=FRAME_RATE,
        frames=frames[-1],
        scenes=tuple(
            _scene(
                n,
                shot,
                (frames[n], frames[n + 1]),
                material,
                compose(shot.prompt, reply.look, request.options, material.model),
            )
            for n, shot in enumerate(shots)
        ),
        words=_words(material.transcript.between(start, end), start, frames[-1] / FRAME_RATE),
    )
    return picture_edits.spread(bare_plan, pictures) if pictures else bare_plan


def check_budget(budget: float, total: float) -> None:
    """Raise BudgetExceeded when a video of `total` USD is over the budget."""
    # Rounded, so that noise in the last digit never refuses a plan of exactly the budget.
    if round(total, 6) > budget:
        raise BudgetExceeded(f"The plan costs {total:.4f} USD and the budget is {budget} USD; no clip was ordered.")


def degradations(request: PlanIn, material: PlanBrief, film_plan: Plan) -> list[str]:
    """Return a sentence for everything in which the plan differs from what was asked for."""
    notes = [*material.transcript.notes, *_length(request, material, film_plan), *_silence(material, film_plan)]
    notes += _speakers(request, material)
    notes += doubts(material.transcript, material.transcript.between(film_plan.excerpt_start, film_plan.excerpt_end))
    if len(sent_phrases := material.phrases_to_send) < len(material.phrases):
        minutes = sent_phrases[-1].end / 60 if sent_phrases else 0
        notes.append(f"Only the first {minutes:.0f} min were considered: the recording holds more words than fit.")
    ends = [film_plan.excerpt_start + scene.end_time for scene in film_plan.scenes]
    rough = [phrase for phrase in material.phrases if not phrase.clean and _near(phrase.end, ends)]
    if rough:
        notes.append(f"{len(rough)} cut(s) fall between two words: the speech has no pause there.")
    return notes


def _length(request: PlanIn, material: PlanBrief, film_plan: Plan) -> list[str]:
    seconds = film_plan.frames / FRAME_RATE
    target = request.options.target_duration
    if round(request.recording_seconds, 1) < target:
        silence = ", and its long silence is left out" if _is_beside_silence(material.phrases, film_plan) else ""
        return [
            f"The video is {seconds:.1f} s long: the recording is shorter than the {target:g} s asked for{silence}."
        ]
    if abs(seconds - target) < NOTICEABLE:
        return []
    silent = seconds < target and _is_beside_silence(material.phrases, film_plan)
    reason = "long silence beside it is left out" if silent else "it is cut where sentences end"
    return [f"The video is {seconds:.1f} s long, not {target:g} s: {reason}."]


def _is_beside_silence(phrases: list[Phrase], film_plan: Plan) -> bool:
    return any(
        phrase.silent and (_near(phrase.end, [film_plan.excerpt_start]) or _near(phrase.start, [film_plan.excerpt_end]))
        for phrase in phrases
    )


def _silence(material: PlanBrief, film_plan: Plan) -> list[str]:
    # The phrases that the excerpt begins and ends with; its own times are rounded to frames.
    first = min(material.phrases, key=lambda phrase: abs(phrase.start - film_plan.excerpt_start)).index
    last = min(material.phrases, key=lambda phrase: abs(phrase.end - film_plan.excerpt_end)).index
    if last < first or not material.timeline.is_too_quiet(first, last):
        return []
    share = f"{material.timeline.quiet(first, last):.0%} of the video"
    return [f"Nobody speaks in {share}: no part of the recording with enough speech stays within {MOST_SILENCE:.0%}."]


def _speakers(request: PlanIn, material: PlanBrief) -> list[str]:
    if not request.options.speakers:
        return []
    count = len(material.transcript.speakers)
    if count < FEWEST_SPEAKERS:
        return ["No second voice was told apart: all words are shown as one speaker's."]
    return [f"{count} speakers were told apart by their voices: who says which words is a guess."]


def doubts(transcript: Transcript, words: Sequence[SpokenWord]) -> list[str]:
    """Return a sentence for everything that is doubtful of the words that are used, and of the language."""
    notes: list[str] = []
    sure = min(transcript.confidence, mean_confidence(words or transcript.words))
    if sure < SURE:
        notes.append(f"The words are doubtful, {sure:.0%} sure on average: check the captions and the language.")
    score = transcript.language_score
    if score is not None and score < SURE_OF_LANGUAGE:
        notes.append(
            f"The language, {transcript.language_code}, is a guess of {score:.0%}: if it is wrong, name the right one."
        )
    if left_out := transcript.left_out:
        word_count = left_out + len(transcript.words)
        notes.append(
            f"{left_out} of {word_count} words were left out: nobody speaks so fast, or says the same so often."
        )
    return notes


def _near(time: float, ends: list[float]) -> bool:
    return any(abs(time - end) < 1 / FRAME_RATE for end in ends)


def _boundaries(shots: Sequence[Shot], phrases: list[Phrase], start: float) -> list[int]:
    """Return the shots' boundaries in frames, from cumulative times, so that rounding never adds up."""
    # Rounded twice, so that noise in the last digit never makes a full clip one frame too long.
    return [0, *(round(round((phrases[shot.last].end - start) * FRAME_RATE, 6)) for shot in shots)]


def _scene(number: int, shot: Shot, frames: tuple[int, int], material: PlanBrief, prompt: str) -> PlannedScene:
    first, last = frames
    return PlannedScene(
        id=f"s{number + 1}",
        sequence=number + 1,
        start_frame=first,
        end_frame=last,
        start_time=round(first / FRAME_RATE, 4),
        end_time=round(last / FRAME_RATE, 4),
        # The difference of the rounded times, so that the durations add up to the film's length.
        duration=round(round(last / FRAME_RATE, 4) - round(first / FRAME_RATE, 4), 4),
        veo_seconds=video_models.billed_seconds(material.model, (last - first) / FRAME_RATE),
        audio_text=join_texts(p.text for p in material.phrases[shot.first : shot.last + 1])[:2000],
        scene_description=shot.description[:500],
        prompt=shot.prompt,
        vertex_ai_prompt=prompt,
        visual_style=material.style,
    )


def _words(words: Sequence[SpokenWord], start: float, seconds: float) -> tuple[Word, ...]:
    """Return the words of the excerpt in seconds of the film; one said in what rounding to frames cut off ends it."""

    def within(time: float) -> float:
        return round(min(time - start, seconds), 3)

    return tuple(word_of(word, within(word.start), within(word.end)) for word in words)
