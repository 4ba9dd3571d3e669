"""What the OpenAPI document says of the properties of moments and clips.

Pure data; touches nothing.
"""

from __future__ import annotations

from typing import Any

MOMENT_PROPERTIES: dict[str, tuple[str, Any]] = {
    "parent_id": ("The video of whose recording this is a clip; absent of any other.", "3f9c2a7b1d4e8f60"),
    "LookForMoments.count": ("The most moments that are chosen.", 5),
    "LookForMoments.targetDuration": ("About how long a moment lasts, and the most, in seconds.", 30),
    "LookForMoments.prompt": ("What to look for, in the caller's words.", "What went wrong, and what they learnt"),
    "LookForMoments.budget": ("The most that transcribing and choosing may cost, in USD.", 0.5),
    "StartClips.moments": ("Moments of GET /videos/{videoId}/moments, by their ids; or give `excerpts`.", ["m1", "m3"]),
    "StartClips.excerpts": ("Stretches of the recording; or name `moments`.", []),
    "StartClips.budget": ("The most that all clips together may cost, in USD.", 10),
    "ClipExcerpt.start": ("Where it begins, in seconds of the recording.", 312.4),
    "ClipExcerpt.end": ("Where it ends, in seconds of the recording.", 341.9),
    "ClipExcerpt.title": ("What the video is called; without it as the recording, and the time.", "The turning point"),
    "moments": ("The moments, the best first.", None),
    "MomentsShown.generationId": ("The generation that chose them.", "8c1f0e2d"),
    "judgedBy": ("The planning model that chose and judged them.", "gpt-6-luna"),
    "MomentsShown.recordingSeconds": ("How long the recording lasts, in seconds.", 1224.8),
    "MomentView.id": ("The moment's id, by which a clip is made of it.", "m1"),
    "MomentView.start": ("Where it begins, in seconds of the recording.", 312.4),
    "MomentView.end": ("Where it ends, in seconds of the recording.", 341.9),
    "MomentView.seconds": ("How long it lasts, in seconds.", 29.5),
    "MomentView.title": ("What a video of it may be called.", "The turning point"),
    "MomentView.hook": ("A line that makes somebody want to hear it.", "We were three days from closing."),
    "RubricView.hook": ("Whether its first words catch.", None),
    "selfContained": ("Whether it is understood alone.", None),
    "emotion": ("Whether it moves, or amuses.", None),
    "novelty": ("Whether it says what few people know or expect.", None),
    "points": ("From 0 to 10.", 8),
    "because": ("Why, in a few words.", "It begins with a question."),
    "MomentView.reason": ("Why it was chosen, in a sentence.", "A whole story in half a minute."),
    "MomentView.score": ("All points of the rubric, weighed, out of 100.", 78),
    "rubric": ("How it was judged.", None),
    "MomentView.text": ("What is said in it.", "We were three days from closing."),
    "MomentView.words": ("Its words, with their times in seconds of the recording.", None),
    "MomentView.cuts": ("Places in pauses around its ends, in seconds of the recording.", [311.2, 312.4]),
    "prices": ("What a video of it costs by each model, the cheapest first; it is heard already.", None),
    "clips": ("The clips, in the order in which they were asked for.", None),
    "ClipStarted.videoId": ("The clip's own video.", "3f9c2a7b1d4e8f60"),
    "ClipStarted.title": ("What the clip is called.", "The turning point"),
    "ClipStarted.start": ("Where it begins, in seconds of the recording.", 312.4),
    "ClipStarted.end": ("Where it ends, in seconds of the recording.", 341.9),
    "ClipStarted.usd": ("About what making it as far as its goal costs, in USD.", 1.6),
    "ClipsStarted.usd": ("About what all of them cost together, in USD.", 8.1),
}
