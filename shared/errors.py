"""The vocabulary of failure: one tree whose class names are the ASL error names and the API's error codes.

Touches nothing; every module raises a leaf of this tree and chains the cause.
"""

from __future__ import annotations

from shared.error_kinds import DeploymentError, EditLimit, ProviderError, ReelwrightError, TransientError, UserError


class ExecutionEnded(ReelwrightError):
    """The state machine's execution timed out, was stopped or never started, and could not say so itself."""


class SweepUnfinished(ReelwrightError):
    """There was no time to settle all videos that were due; the next call goes on with those that are left."""


class DeliveryFailed(ReelwrightError):
    """Who was to be told of an end, a webhook's receiver or a mailbox, was not; the job itself is not concerned."""


class InvalidRequest(UserError):
    """A field of a request is missing or out of its range."""


class InvalidEdit(UserError):
    """The plan cannot be changed so, and was not: `field` is the edit's to be changed, `limit` what it may say."""

    next_action = "Change what the message names."

    def __init__(self, why: str, field: str = "", limit: EditLimit | None = None) -> None:
        super().__init__(f"{field}: {why}" if field else why)
        self.why = why
        self.field = field
        self.limit = limit
        self.edit: int | None = None  # Which of several edits it is, from 0.


class Superseded(UserError):
    """The record was deleted, cancelled, or belongs to a newer generation."""

    status = 409


class RecordingChanged(UserError):
    """Something else was uploaded in the recording's place since it was first seen."""

    status = 409
    next_action = "Create the video again and upload the recording that you want; an upload's form works once."


class UnsupportedMedia(UserError):
    """The file is not a recording that can be read."""

    status = 415
    next_action = "Upload an mp3, mp4, m4a, wav, flac, ogg, webm or amr recording."


class RecordingTooLarge(UserError):
    """The file or its duration is over the limit."""

    status = 413


class RecordingTooShort(UserError):
    """The recording is shorter than the shortest video."""

    next_action = "Use a recording of at least two seconds."


class RecordingSilent(UserError):
    """The recording has a sound stream in which nothing can be heard."""

    next_action = "Check the recording's level and upload it again."


class NoSpeechFound(UserError):
    """The recogniser heard no words."""

    next_action = "Use a recording in which somebody speaks."


class BudgetExceeded(UserError):
    """The plan, or one more try of a scene, costs more than the budget or a day's limit leaves."""

    status = 402
    next_action = "Raise the budget, choose a cheaper model or a shorter video, or wait until the daily limit resets."


class ModelRetired(UserError):
    """The video model is unknown, retired, or cannot make what was asked for."""

    next_action = "Choose one of the models named in the message."


class TableUnavailable(TransientError):
    """DynamoDB asked to slow down or could not be reached; nothing was bought."""


class StorageUnavailable(TransientError):
    """S3 or Secrets Manager asked to slow down or could not be reached."""


class EventsUnavailable(TransientError):
    """EventBridge rejected the event of a generation's end, or another call is at it and may still die."""


class TranscriptionThrottled(TransientError):
    """Amazon Transcribe asked to slow down."""


class TranscriptionFailed(ProviderError):
    """Amazon Transcribe could not transcribe the recording."""

    next_action = "Check the recording's language and format, then start again."


class TranscriptionTimedOut(ProviderError):
    """The transcription job did not end in time."""


class PlannerUnavailable(TransientError):
    """The planning model is busy or unreachable; it was not charged."""


class PlannerRefused(ProviderError):
    """The planning model refused to plan this recording."""

    next_action = "Change the description and start again."


class PlannerAnswerLost(ProviderError):
    """The planning model was asked, and its answer did not come; it may have been charged, so it is not asked again."""

    next_action = "Resume the generation, which asks the planning model again; it may then be paid for twice."
    charged = True


class PlanInvalid(ProviderError):
    """The planning model's answer could not be repaired into a plan."""


class TranslationInvalid(ProviderError):
    """The planning model's answers had no line for each line of the captions, twice."""


class VeoThrottled(TransientError):
    """The video model's quota is used up for the moment; the clip was not accepted."""


class VeoUnavailable(TransientError):
    """The video model's service answered that it cannot serve; the clip was not accepted."""


class VeoRefused(ProviderError):
    """The video model's service rejected the request itself."""

    next_action = "Change the description and start again."


class VeoFailed(ProviderError):
    """The video model accepted the scene and failed to make it, at every try if the failure was one that passes."""


class SceneFiltered(ProviderError):
    """The video model's safety filter withheld the clip, which was not charged, at every try."""

    next_action = "Change the description so that the scene shows something else, then start again."


class OperationLost(ProviderError):
    """The operation is not known any more, so its clip, which may have been charged, cannot be fetched."""

    next_action = 'Check the provider\'s console, then choose "Order again and resume" (orderAgain: true).'
    charged = True


class SceneTimedOut(ProviderError):
    """The video model did not finish the clip before the scene's deadline."""

    charged = True


class SubmitOutcomeUnknown(ProviderError):
    """The connection broke after a clip was ordered; it may have been bought, so it is never ordered again blindly."""

    next_action = 'Check the provider\'s console, then choose "Order again and resume" (orderAgain: true).'
    charged = True


class ClipUnusable(ProviderError):
    """What the video model delivered is not a video that can be rendered."""

    next_action = 'Choose "Order again and resume" (orderAgain: true), which buys the clip again.'
    charged = True


class RenderFailed(ProviderError):
    """ffmpeg could not render the scene or join the video."""


class FfmpegCrashed(ProviderError):
    """ffmpeg itself died of a signal; that is no verdict on the file."""

    next_action = "Resume the generation; if it ends so again, convert the recording to mp3 or wav and upload that."


class RecordingUnreadable(DeploymentError):
    """The recording or an intermediate object could not be read from the bucket."""


class PermissionMissing(DeploymentError):
    """The function's role may not do what it must, or its table does not exist."""


class RecordRejected(DeploymentError):
    """DynamoDB refused a write for what it holds: malformed, or larger than an item may be."""

    next_action = "Tell the operator of this deployment which video it was; finished work isn't charged again."


class SettingMissing(DeploymentError):
    """An environment variable or a field of the secret is missing."""


class VeoNotOffered(DeploymentError):
    """Vertex AI does not serve the video model here: wrong location or project, no access, API or billing off."""

    next_action = "Ask the operator to check what the message names, then resume the generation."


class CreditExhausted(DeploymentError):
    """A provider has no credit left for this deployment's account."""

    next_action = "Ask the operator to add credit at the provider, then resume the generation."


class CredentialsRejected(DeploymentError):
    """A provider rejected the credentials of this deployment."""


def error_class(name: str) -> type[ReelwrightError] | None:
    """Return the error class called `name`, or None when it is not one of ours (an AWS error name, say)."""
    return _leaves(ReelwrightError).get(name)


def _leaves(root: type[ReelwrightError]) -> dict[str, type[ReelwrightError]]:
    children = root.__subclasses__()
    return {k: v for child in children for k, v in _leaves(child).items()} if children else {root.__name__: root}
