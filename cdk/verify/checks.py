"""The calls that no emulator can answer: the one table of what is tried, what it costs and what the code expects.

Describes calls; touches nothing until one of them is run.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from cdk.verify import clips, long_plan, speech
from cdk.verify.answers import Check
from cdk.verify.clips import Clips, Waiting
from cdk.verify.deployment import Deployment
from cdk.verify.speech import VoiceNote
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.aws.secrets import SecretStore
from shared.budget import pricing
from shared.models import video_models
from shared.models.adapters import by_model
from shared.models.clip_request import ClipBrief, ClipRequest, clip_request
from shared.models.request_body import canonical
from shared.models.video_models import NEGATIVE_PROMPT

SECONDS = 4
PROMPT = "A wooden boat on a calm sea at dawn; the camera glides slowly towards it. Style: cinematic, soft light."
# Harmless, and blocked all the same: persons under eighteen are, and an age provokes the check of the prompt.
BLOCKED_PROMPT = "A seven-year-old girl blows out the candles of a birthday cake in a bright kitchen. Style: realistic."
_CLIP = f"a clip of {SECONDS} s, 720x1280, 24 frames a second, "
_BLOCKED = "blocked as filtered, by code 3 of the operation or HTTP 400 to the order; not charged"
_NO_NEGATIVE = "HTTP 400 that names negativePrompt; not charged"
_SPEECH = "a language, or FAILED for want of speech to identify it by"
_PLAN = "a plan within the planner's time and the money set aside, and the tokens of thinking told"


def checks(deployment: Deployment, secrets: SecretStore, run_id: str, waiting: Waiting) -> tuple[Check, ...]:
    """Return every check of a deployment, the cheapest first; `run_id` names what they make."""
    studio = Clips(by_model(secrets), waiting)
    note = VoiceNote(clients.transcribe(), Bucket(deployment.bucket), deployment.transcribe_role, run_id, waiting.pace)
    default = deployment.video_model
    names = sorted(video_models.MODELS, key=lambda name: name != default)
    orders = {name: _order(name, run_id, PROMPT) for name in names}
    blocked_order = _order(default, run_id, BLOCKED_PROMPT)
    planner = deployment.planner_model
    talk = pricing.planning_ceiling(deployment.planner_model, long_plan.TALK_SECONDS)
    outcomes = frozenset({speech.LANGUAGE, speech.TOO_LITTLE})
    return (
        Check("voice-note", pricing.transcription(speech.NOTE_SECONDS), _SPEECH, outcomes, note.transcribe),
        Check(
            "long-plan", talk, _PLAN, frozenset({long_plan.PLAN}), partial(long_plan.time_the_plan, planner, secrets)
        ),
        _clip("blocked-prompt", _BLOCKED, clips.BLOCKED, blocked_order, studio),
        *(
            _clip(f"negative-prompt-{name}", _NO_NEGATIVE, clips.WITHOUT_NEGATIVE, _with_negative(orders[name]), studio)
            for name in names
            if video_models.MODELS[name].protocol == "veo" and not video_models.MODELS[name].negative_prompt
        ),
        *(_clip(f"clip-{name}", _looks_expected(name), clips.CLIP, orders[name], studio) for name in names),
    )


def _clip(name: str, expects: str, kind: str, request: ClipRequest, studio: Clips) -> Check:
    # Also of an order that should be refused: it costs that much where the provider takes it after all.
    return Check(name, request.usd, expects, frozenset({kind}), partial(studio.order, request))


def _order(model: str, run_id: str, prompt: str) -> ClipRequest:
    labels = {"video_id": f"verify-{run_id}", "scene": "1", "scenes": "1"}
    brief = ClipBrief(model, "9:16", SECONDS, prompt=prompt, negative_prompt=NEGATIVE_PROMPT, labels=labels)
    return clip_request(brief)


def _looks_expected(model: str) -> str:
    return _CLIP + ("no sound" if video_models.MODELS[model].has_silence else "with sound or without")


def _with_negative(request: ClipRequest) -> ClipRequest:
    fields = request.fields
    config = fields["config"] | {"negative_prompt": NEGATIVE_PROMPT}
    return replace(request, body=canonical(fields | {"config": config}))
