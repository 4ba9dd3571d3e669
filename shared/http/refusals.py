"""What the REST API alone refuses: leaves of the tree in `shared.errors` that no stage raises.

Touches nothing; the class name is the API's error code.
"""

from __future__ import annotations

from shared import errors
from shared.error_kinds import ReelwrightError, UserError
from shared.http.routes import Allowance


class InternalError(ReelwrightError):
    """Something went wrong that has no name here; its details are in the log under the request's id."""

    retriable = True


class RequestTooLarge(UserError):
    """The request has more bytes than API Gateway takes."""

    status = 413


class NotSignedIn(UserError):
    """The request carries no valid identity."""

    status = 401
    next_action = "Sign in again."


class NotYourVideo(UserError):
    """The video belongs to another user."""

    status = 403


class VideoNotFound(UserError):
    """No video has this id."""

    status = 404


class ImageNotFound(UserError):
    """The caller has no picture or clip with this id."""

    status = 404


class MusicNotFound(UserError):
    """The caller has no music with this id, or it is not ready."""

    status = 404


class FontNotFound(UserError):
    """The caller has no font with this id, or it is not ready."""

    status = 404


class PresetNotFound(UserError):
    """The caller has no preset of this name."""

    status = 404


class TranscriptNotFound(UserError):
    """The recording has no transcript of its user's own with this id."""

    status = 404


class MomentsMissing(UserError):
    """Nothing of the recording was heard yet, or no moments of it were chosen."""

    status = 409

    def __init__(self) -> None:
        super().__init__("Nothing was chosen of this recording yet; look for moments first.")


class TooManyPresets(UserError):
    """The caller has as many presets as there can be."""

    status = 409


class RouteNotFound(UserError):
    """No route answers this path."""

    status = 404


class MethodNotAllowed(UserError):
    """The path exists, but not with this method."""

    status = 405


class UploadMissing(UserError):
    """The recording has not been uploaded."""

    status = 409
    next_action = "Upload the recording, then start the generation."


class AlreadyProcessing(UserError):
    """A generation is running for this video."""

    status = 409
    next_action = "Wait for the running generation to end, or cancel it."

    def __init__(self, message: str = "A generation of this video is running.") -> None:
        super().__init__(message)


class NotProcessing(UserError):
    """No generation is running for this video."""

    status = 409


class NotFinished(UserError):
    """The video is not finished, so it has no results."""

    status = 409


class NotResumable(UserError):
    """The video has no failed or cancelled generation that could be continued."""

    status = 409
    next_action = "Start a new generation."


class NothingToMake(UserError):
    """The run would end with the plan, which is there already."""

    status = 409
    next_action = "Edit the plan, or run to a draft, stills or the video."

    def __init__(self, message: str = "The plan is there already; nothing was started.") -> None:
        super().__init__(message)


class SceneMayBeBought(UserError):
    """A clip of unknown fate, or an unusable one that was paid for: ordering it again is for the user to decide."""

    status = 409
    charged = True
    next_action = 'Choose "Order again and resume" (orderAgain: true); the clip may then be paid for twice.'


class SceneNotFound(UserError):
    """The plan has no scene of that number, or of that id."""

    status = 404
    next_action = "Load the plan: it names its scenes, each with its id and its number, which starts at 1."


class PlanMissing(UserError):
    """The video has no plan yet, or none that can be read."""

    status = 409
    next_action = "Start a generation; its plan is there when the scenes are planned."


class PlanChanged(UserError):
    """The plan has another revision than the one that was edited; nothing was changed."""

    status = 412
    next_action = "Load the plan again and make the edit on it."


class PreconditionMissing(UserError):
    """The request does not say which revision of the plan it edits."""

    status = 428
    next_action = "Send the plan's ETag as If-Match."


class VersionNotFound(UserError):
    """The recording has no finished video of that generation, or no more."""

    status = 404


class LinkNotFound(UserError):
    """No finished video is shown at this public link, or no more."""

    status = 404


class TooManyVersions(UserError):
    """The recording has as many finished videos as its record can hold; nothing was started."""

    status = 409
    next_action = "Delete a finished video of this recording, then start again."


class TooManyTakes(UserError):
    """The generation has as many takes as its record can hold; nothing was started."""

    status = 409
    next_action = "Start a new generation of the recording."


class RequestInFlight(UserError):
    """The first request with this Idempotency-Key has not been answered yet."""

    status = 409
    retriable = True


class IdempotencyKeyReused(UserError):
    """This Idempotency-Key was already used for a different request."""

    status = 422
    next_action = "Use a new key for a new request."


class TooManyStarts(UserError):
    """The user has started as many generations in this hour as the deployment allows; nothing was started."""

    status = 429
    retriable = True
    next_action = "Wait for the seconds that Retry-After names, then start again."

    def __init__(self, allowance: Allowance) -> None:
        wait = f"start again in {allowance.seconds} s."
        super().__init__(f"At most {allowance.most} generations may be started in an hour; {wait}")
        self.allowance = allowance
        self.retry_after = allowance.seconds


class TooManyRequests(UserError):
    """Step Functions or API Gateway asked to slow down; nothing was started."""

    status = 429
    retriable = True
    next_action = "Try again in a moment."


_BESIDES = (
    *(InternalError, errors.TableUnavailable, errors.StorageUnavailable, errors.EventsUnavailable),
    *(errors.PermissionMissing, errors.RecordRejected, errors.SettingMissing, errors.RecordingUnreadable),
)
# The names of every error that the API may answer: whatever the caller can mend, and what may fail in answering.
ANSWERED = tuple(sorted(kind.__name__ for kind in (*UserError.__subclasses__(), *_BESIDES)))
