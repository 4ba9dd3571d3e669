"""What the OpenAPI document says of each property of exports, captions, edits and moments: a sentence and an example.

Pure data; touches nothing; the other properties are in `shared.http.properties`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.http.moments.properties import MOMENT_PROPERTIES
from shared.publishing.properties import PUBLISHING_PROPERTIES

PLAN_PROPERTIES: Mapping[str, tuple[str, Any]] = {
    # What is wrong with an edit.
    "edit": ("Which edit of the request, counted from 0.", 1),
    "limit": ("What the field may say, where that can be told.", None),
    "least": ("The least, in the field's unit.", 0.5),
    "most": ("The most, in the field's unit.", 8.0),
    "choices": ("What may be said; of places to cut, the nearest.", [3.0, 3.5, 4.0]),
    # The export.
    "export": ("Everything that an editor needs of the plan.", None),
    "ExportView.name": ("What the archive may be called: the video's title, as a file's name.", "Morning talk"),
    "ExportView.seconds": ("The video's length in seconds.", 28.5),
    "files": ("The files of the archive; those that are texts come with it, the others are fetched.", None),
    "path": ("The file's place in the archive; the timeline names the others so.", "clips/01-s1.mp4"),
    "mediaType": ("The file's media type.", "video/mp4"),
    "bytes": ("The file's size in bytes.", 3482133),
    "ExportFile.text": ("The file's content, where there is no link.", "WEBVTT"),
    "ExportFile.link": ("Where the file is fetched.", None),
    "notes": ("What is not there yet, in sentences.", ["Scene 2 has no clip and no still yet."]),
    # What is bought.
    "Purchase.scene": ("The scene's id; empty for a translation.", "s2"),
    "Purchase.kind": ("A clip of a video model, a still of an image model, or a translation of the captions.", "clip"),
    # The captions in the picture.
    "captionStyle": ("What the look of the captions is varied by.", None),
    "captionLanguage": ("The language that the captions are translated into; empty for the spoken one.", ""),
    "ChangeCaptions.language": ("The language that they are translated into; empty for the spoken one.", "es"),
    "ChangeCaptions.captions": ("Another look, or none.", "karaoke"),
    "position": ("Where the captions stand in the picture.", "bottom"),
    "platform": ("The app whose buttons the captions keep clear of.", "none"),
    "size": ("The size of the letters.", "medium"),
    "font": ("The font of the letters; what it lacks is drawn in Noto Sans.", "hand"),
    "color": ("The colour of the text, #RRGGBB; an empty text is the look's own.", "#FFFFFF"),
    "highlight": ("The colour of the spoken word, or of its box, #RRGGBB; an empty text is the look's own.", "#FFE600"),
    "profanity": ("Whether strong language is masked with asterisks, in the subtitles, too.", "shown"),
    "CaptionStyle.label": (
        "What stands in a corner of every scene that shows what a model has made; an empty text is none.",
        "AI-generated",
    ),
    "ChangeCaptions.label": ("What stands in a corner of scenes of a model; an empty text is none.", "AI-generated"),
    "CaptionStyle.hook": ("Whether the hook of `publish` is shown as a card over the first second.", False),
    "ChangeCaptions.hook": ("Whether the hook of `publish` is shown as a card over the first second.", True),
    # Who speaks.
    "speakers": (
        "Whether speakers are told apart by their voices, or how many there are; true leaves the number open.",
        2,
    ),
    "NameSpeakers.speakers": ("Names by the speakers' labels; an empty one is none.", {"spk_0": "Anna"}),
    "PlanView.speakers": ("Those who speak in the video, where they were told apart.", []),
    "speaker": ("The label of who says it; empty where speakers were not told apart.", "spk_0"),
    "label": ("The speaker's label.", "spk_0"),
    "SpeakerShown.name": ("What the speaker is called in captions and subtitles; empty for nothing.", "Anna"),
    "SpeakerShown.color": ("The colour of the speaker's captions in the look `speakers`, #RRGGBB.", "#FFE14D"),
    "PlanView.next": (
        "What a run to each goal would buy: `draft`, `stills` and `video`, in this order. The plan is there, so that "
        "none is named `plan`.",
        None,
    ),
    # Own pictures.
    "PlacePictures.pictures": ("The pictures and clips, in the order in which scenes show them.", None),
    "EstimateRequest.pictures": ("Own pictures and clips that the generation would begin with.", []),
    "StartGeneration.pictures": ("Pictures and clips of the caller's own that scenes show, or their models see.", []),
    "picture": ("The scene's own picture; absent where it has none.", None),
    "pictureUses": ("The uses of an own picture in the scene, by its model and length.", None),
    "refusal": ("Why the scene's model takes no picture so; absent where it does.", "The model takes no first frame."),
    "PlacePicture.imageId": ("The picture's id; an empty text leaves the scene to its model.", "e6b4c1d2a3f40a1b2c3d"),
    "use": (
        "`still` moves slowly, `clip` is cut to the scene, `first_frame` begins the model's clip, `reference` shows it "
        "people or things.",
        "still",
    ),
    "WishedPicture.scene": ("The number of the scene it is for; absent for one of those that fill the others.", 2),
    "TakeShown.imageId": ("The id of the own picture that the take is; empty for what a model made.", ""),
    "OtherTake.imageId": ("The id of the own picture that the take is; empty for what a model made.", ""),
    "UseShown.seconds": ("The length of the clip that a model makes then; 0 where the picture itself is shown.", 8),
    "UseShown.usd": ("What that clip costs, in USD; 0 where the picture itself is shown.", 0.8),
    # How pictures came about.
    "provenance": ("How the picture of each scene came about that has one.", None),
    "SceneSource.image_id": ("The id of the own picture that it is; empty for what a model made.", ""),
    "digital_source": (
        "IPTC's digital source type, a composite's where a clip begins with an own picture; empty for what is one.",
        "trainedAlgorithmicMedia",
    ),
    # What a plan shows beside itself.
    "otherTakes": ("Takes of scenes that the plan has no more, newest first.", []),
    "captionDocument": ("The captions as they come into the picture, as an ASS document; empty for none.", ""),
    "captionFont": ("The file of the user's own font that the document names; absent where it names none.", None),
    "stillUsd": ("What a new still of the scene costs, in USD.", 0.07),
    "heldSeconds": ("For how long the last frame of the chosen take is held, which is too short, in seconds.", 0.0),
    "longestSeconds": ("How long the scene may be with its model, in seconds.", 8),
    "models": ("Every model that makes a clip of the scene, the cheapest first.", None),
    "ModelShown.seconds": ("The clip's length as it is sold, in seconds.", 6),
    "ModelShown.usd": ("What the clip costs with it, in USD.", 0.6),
    "goals": ("What it costs to go as far as each goal.", None),
    "GoalPrice.goal": ("The goal.", "stills"),
    "GoalPrice.usd": ("What it costs to go that far, in USD.", 0.3),
    **MOMENT_PROPERTIES,
    **PUBLISHING_PROPERTIES,
}
