"""The adapters of the video models, each made when it is first needed, so that a function loads only the SDKs it uses.

Touches nothing by itself; the adapters read the deployment's secret and touch Vertex AI.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from shared.aws.secrets import SecretStore
from shared.models import video_models
from shared.models.port import VideoModel
from shared.models.video_models import Protocol

# What finds an adapter, by the name of a model, or by the name of an order.
Find = Callable[[str], VideoModel]


def by_model(secrets: SecretStore) -> Find:
    """Return what gives the adapter of a model by its name; it raises ModelRetired for one that is not for sale."""
    adapter = _adapters(secrets)
    return lambda model_id: adapter(video_models.model(model_id).protocol)


def by_handle(secrets: SecretStore) -> Find:
    """Return what gives the adapter by which an order of this name was placed."""
    adapter = _adapters(secrets)
    return lambda handle: adapter(video_models.protocol_of(handle))


def _adapters(secrets: SecretStore) -> Callable[[Protocol], VideoModel]:
    @cache
    def adapter(protocol: Protocol) -> VideoModel:
        return _MAKERS[protocol](secrets)

    return adapter


def _veo(secrets: SecretStore) -> VideoModel:
    from shared.models.veo import Veo

    return Veo(secrets)


def _omni(secrets: SecretStore) -> VideoModel:
    from shared.models.omni import Omni

    return Omni(secrets)


_MAKERS: dict[Protocol, Callable[[SecretStore], VideoModel]] = {"veo": _veo, "interactions": _omni}
