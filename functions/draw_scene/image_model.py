"""The adapter of the image models, made when it is first needed, so that a draft waits for no SDK.

Touches nothing by itself; the adapter reads the deployment's secret and touches Vertex AI.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from shared.aws.secrets import SecretStore
from shared.models.port import ImageModel

FindImageModel = Callable[[], ImageModel]


def image_model(secrets: SecretStore) -> FindImageModel:
    """Return what gives the adapter of the image models."""

    @cache
    def adapter() -> ImageModel:
        from shared.models.gemini_image import GeminiImage

        return GeminiImage(secrets)

    return adapter
