"""Keep the words that the planner's stand-in reads and writes with, as data.

Touches nothing.
"""

from __future__ import annotations

_STOP_WORDS = """
a about above across after again against all almost along already also although always am among an and another any
anything are around as asked at away back be became because been before began behind being below between both but
by call called came can cannot come comes could day did do does doing done down during each either else enough even
ever every everything far felt few find finds first for found from gave get gets give go goes going gone good got
great had has have having he heard hears her here hers herself him himself his how however i if in indeed into is
it its itself just keep kept knew know known last least left less let like little long look looked looks made make
makes many may me might mine more most much must my myself near never new next no nor not nothing now of off often
old on once one only or other others our out over own packs perhaps put quite rather said same saw say says see
seem seemed seen several shall she should since so some something soon still such take taken tell than that the
their theirs them themselves then there these they thing things think this those though thought three through
thus till to together told too took toward towards two under until up upon us very want wanted was way we well
went were what whatever when where whether which while who whole whom whose why will with within without would
yes yet you your yours yourself there's it's that's don't didn't wasn't i'm i've we're they're
says started starting start turn turned turns walk walks walked drive drives drove run runs ran sit sits sat stand
stands stood open opens opened rolls rolled wheel fade fades stop stopped begin begins four five six seven eight
nine ten sing sings sang live lives lived move moved moves hear read reads write writes wrote needed used
unless consider considered considers considering replied returned cried told asks wish wished hope hoped feels feel
"""
_DETERMINERS = "a an the my your his her its our their this that these those some"
# Endings of words that are seldom nouns, and the nouns that have them all the same.
_SEEMING = """
morning evening building ceiling clothing wedding feeling feelings king ring spring string wing family bed seed table
vegetable bible fish dish handful
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
DETERMINERS = frozenset(_DETERMINERS.split())
NO_NOUN_ENDINGS = ("ing", "ed", "ly", "ish", "able", "ible", "ous", "ful")
# Words that may stand in a noun phrase but do not make one, and words that may come between it and its article.
QUALIFIERS = frozenset(["little", "old", "great", "good", "long", "new", "last", "first", "whole"])
INTENSIFIERS = frozenset(["more", "most", "very", "rather", "quite", "so"])
NOUNS = frozenset(_SEEMING.split())

# What replaces words that a film maker's safety filter may stumble over.
GENTLER = {
    "baby": "traveller",
    "boy": "man",
    "boys": "men",
    "child": "person",
    "children": "people",
    "girl": "woman",
    "girls": "women",
    "kid": "person",
    "kids": "people",
    "teenager": "adult",
    "teenagers": "adults",
    "toddler": "traveller",
    "young": "grown",
    "blood": "rain",
    "bloody": "wild",
    "corpse": "shadow",
    "dead": "still",
    "death": "silence",
    "die": "rest",
    "died": "rested",
    "fight": "race",
    "gun": "lantern",
    "guns": "lanterns",
    "hate": "doubt",
    "kill": "chase",
    "killed": "chased",
    "knife": "key",
    "murder": "mystery",
    "naked": "quiet",
    "scream": "call",
    "screaming": "calling",
    "shot": "view",
    "soldier": "traveller",
    "soldiers": "travellers",
    "violence": "tension",
    "violent": "sudden",
    "war": "storm",
    "weapon": "tool",
    "weapons": "tools",
    "wound": "mark",
}
GENTLE_ENDING = "The mood is calm and kind, with nobody in danger, suitable for every audience."

# One row per kind of shot, used in turn: how the scene is described, and how the camera is told to move.
SHOTS = (
    ("The scene opens on {subject}", "The camera pushes in slowly at eye level"),
    ("We stay close to {subject}", "The camera glides sideways, keeping the foreground soft"),
    ("The view widens around {subject}", "The camera cranes up and back to reveal the whole place"),
    ("A quiet detail shows {subject}", "The camera holds still while the focus drifts from near to far"),
    ("The scene follows {subject}", "The camera tracks gently behind, in no hurry"),
    ("From above we find {subject}", "The camera looks down and turns a few degrees"),
)
LIGHTS = (
    "low light from one side with long soft shadows",
    "a bright haze with light catching the dust in the air",
    "cool shade broken by one warm patch of light",
    "even light with soft edges and hardly a shadow",
    "a warm glow at the edges and deep calm shadows",
)
NOBODY = "an empty, quiet place waiting for someone to arrive"

LOOKS = {
    "realistic": ("natural colours, true textures and an unhurried lens", "muted greens, stone grey and warm daylight"),
    "cinematic": ("anamorphic depth, fine grain and strong contrast", "teal shadows, amber light and deep black"),
    "animated": ("clean shapes, round forms and gentle exaggeration", "saturated violet, coral and lemon yellow"),
    "artistic": ("visible brush strokes, paper texture and soft edges", "faded rose, sage green and cream"),
}
# What tells speakers apart who are seen, by the order in which they first speak.
CLOTHES = ("blue", "red", "green", "yellow", "white", "black", "violet", "orange", "grey", "brown")
PEOPLE = "the same few people throughout, dressed plainly in earth tones, seen mostly from behind or at a distance"
# What a sentence begins with that leans on the one before it.
_LEANING = "and but or so because then it he she they this that these those which who there also"
LEANING = frozenset(_LEANING.split())
# What stands for something that was named before.
PRONOUNS = frozenset(["it", "he", "she", "they", "him", "them", "this", "those", "these"])
# How a speaker turns to something else, which an excerpt that ends there does not have.
TURNING = frozenset(["now", "next", "anyway", "finally", "meanwhile"])
# What a show says of itself.
HOUSEKEEPING = ("next week", "thank you for", "thanks for", "welcome", "subscribe", "this episode", "tell a friend")
_STIRRING = """
love loved hate hated fear afraid joy happy sad cry cried tears laugh laughed dead death die died kill killed war alone
lost lose terrible wonderful beautiful horrible amazing incredible danger dangerous dream dreams hope angry anger shame
proud secret never always nobody everybody impossible suddenly heart blood fire mother father child friend enemy free
freedom wild mad crazy broke broken scream shock shocked wrong truth lie lied regret sorry thank save saved miracle
"""
STIRRING = frozenset(_STIRRING.split())
