"""The kinds of failure that `shared.errors` divides into, and what each means to whoever reads or repeats it.

Touches nothing; nobody raises a kind, only its leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class ReelwrightError(Exception):
    """Root of the tree: `status` is the HTTP status; `next_action` is one sentence for whoever reads the failure.

    `charged`: a provider may have charged for the step that failed; `retriable`: the same call may succeed later.
    """

    status: ClassVar[int] = 500
    next_action: ClassVar[str] = "Resume the generation; finished work isn't charged again."
    charged: ClassVar[bool] = False
    retriable: ClassVar[bool] = False
    # Seconds after which the same call may succeed; 0 when nobody knows.
    retry_after: int = 0


class UserError(ReelwrightError):
    """The caller can fix it."""

    status = 400
    next_action = "Correct the input and start again."


class TransientError(ReelwrightError):
    """Trying again later may work, and nothing was bought."""

    status = 503
    retriable = True
    next_action = "Resume the generation in a few minutes; finished work isn't charged again."


class ProviderError(ReelwrightError):
    """A provider refused for good, or gave something unusable."""

    status = 502


class DeploymentError(ReelwrightError):
    """A setting, a secret or a permission of the deployment is missing or wrong."""

    next_action = "Ask the operator of this deployment to correct its settings."


@dataclass(frozen=True)
class EditLimit:
    """What a field of an edit may say: from `least` to `most`, in the field's unit, or one of `choices`."""

    least: float | None = None
    most: float | None = None
    choices: tuple[str | float, ...] = ()
