"""How the picture of each scene came about, as whoever shows the video may have to say.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.http.views import SceneSource
from shared.provenance.sources import source_of_clip
from shared.video.record import GenerationData


def scene_sources(data: GenerationData) -> Iterator[SceneSource]:
    """Yield of each scene whose picture is there what it is: of a model by its name, or an own one by its id."""
    for task in data.vertex_ai_tasks:
        take = data.takes.get(task.take)
        if take:
            yield SceneSource(
                scene=take.scene,
                sequence=task.sequence,
                kind=take.kind,
                model=take.model,
                image_id=take.image_id,
                digital_source="" if take.image_id else source_of_clip(take.first_frame),
            )
