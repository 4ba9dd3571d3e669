/** What can be chosen for a video, in words and pictures. */

import animated from "@/assets/styles/animated.svg";
import artistic from "@/assets/styles/artistic.svg";
import cinematic from "@/assets/styles/cinematic.svg";
import realistic from "@/assets/styles/realistic.svg";
import type {
  Alternative, Aspect, CaptionLanguage, Captions, CaptionStyle, Continuity, Corner, Plan, Resolution, Shape, Style,
} from "@/api/types";
import { money, span } from "./format";
import { t } from "./i18n";

export interface Option<T> {
  id: T;
  name: string;
  use?: string;
  picture?: string;
}

export const STYLES: Option<Style>[] = [
  { id: "realistic", name: t("choice.realistic"), picture: realistic },
  { id: "cinematic", name: t("choice.cinematic"), picture: cinematic },
  { id: "animated", name: t("choice.animated"), picture: animated },
  { id: "artistic", name: t("choice.artistic"), picture: artistic },
];

const LENGTHS = [15, 30, 45, 60];

/** The usual lengths of a video, and the chosen one, in seconds, where it is another. */
export const lengthOptions = (chosen: number | ""): Option<number>[] => (
  [...new Set([...LENGTHS, ...(chosen ? [chosen] : [])])].sort((one, other) => one - other)
    .map((length) => ({ id: length, name: span(length) }))
);

export const FORMATS: Option<Aspect>[] = [
  { id: "9:16", name: t("choice.vertical"), use: t("choice.verticalUse") },
  { id: "16:9", name: t("choice.landscape"), use: t("choice.landscapeUse") },
];

/** What a video's picture can be cut to, upright before lying. */
export const SHAPES: Option<Shape>[] = [
  { id: "9:16", name: t("choice.vertical") },
  { id: "4:5", name: t("choice.portrait") },
  { id: "1:1", name: t("choice.square") },
  { id: "16:9", name: t("choice.landscape") },
];

export const RESOLUTIONS: Option<Resolution>[] = [
  { id: "720p", name: t("choice.hd"), use: t("choice.hdUse") },
  { id: "1080p", name: t("choice.fullHd"), use: t("choice.fullHdUse") },
];

/** What people call the models; one that is not known here goes by its id. */
const MODEL_NAMES: Record<string, string> = {
  "veo-3.1-fast-generate-001": t("choice.veoFast"),
  "veo-3.1-generate-001": t("choice.veo"),
  "veo-3.1-lite-generate-001": t("choice.veoLite"),
  "gemini-omni-1.2-flash": t("choice.omni"),
};

export const modelName = (id: string): string => MODEL_NAMES[id] ?? id;

/** All that are known here, for whom no price is asked. */
export const MODELS: Option<string>[] = Object.entries(MODEL_NAMES).map(([id, name]) => ({ id, name }));

/** The models that make such a film, each with what the whole would cost. */
export const modelOptions = (
  alternatives: Omit<Alternative, "mostUsd">[],
): Option<string>[] => alternatives.map((each) => ({
  id: each.model, name: modelName(each.model), use: money(each.usd),
}));

export const CAPTIONS: Option<Captions>[] = [
  { id: "words", name: t("choice.words"), use: t("choice.wordsUse") },
  { id: "karaoke", name: t("choice.karaoke"), use: t("choice.karaokeUse") },
  { id: "box", name: t("choice.box"), use: t("choice.boxUse") },
  { id: "reveal", name: t("choice.reveal"), use: t("choice.revealUse") },
  { id: "big", name: t("choice.big"), use: t("choice.bigUse") },
  { id: "outline", name: t("choice.outline"), use: t("choice.outlineUse") },
  { id: "lines", name: t("choice.lines"), use: t("choice.linesUse") },
  { id: "classic", name: t("choice.classic"), use: t("choice.classicUse") },
  { id: "speakers", name: t("choice.speakers"), use: t("choice.speakersUse") },
  { id: "none", name: t("choice.none"), use: t("choice.noneUse") },
];

/** The languages that captions are translated into. */
export const CAPTION_LANGUAGES = [
  "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id",
  "it", "ja", "ko", "lt", "lv", "mr", "nb", "ne", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th",
  "tr", "uk", "ur", "vi", "zh-CN", "zh-TW",
] as const satisfies CaptionLanguage[];

/** The languages that can be heard everywhere, as a recording's are called. */
const SPOKEN_LANGUAGES = [
  "af-ZA", "am-ET", "ar-SA", "az-AZ", "ba-RU", "be-BY", "bg-BG", "bn-IN", "bs-BA", "ca-ES", "cs-CZ", "cy-WL",
  "da-DK", "de-DE", "el-GR", "en-US", "es-ES", "et-EE", "eu-ES", "fa-IR", "fi-FI", "fr-FR", "gl-ES", "gu-IN",
  "ha-NG", "he-IL", "hi-IN", "hr-HR", "ht-HT", "hu-HU", "hy-AM", "id-ID", "is-IS", "it-IT", "ja-JP", "ka-GE",
  "kk-KZ", "km-KH", "kn-IN", "ko-KR", "lt-LT", "lv-LV", "mi-NZ", "mk-MK", "ml-IN", "mn-MN", "mr-IN", "ms-MY",
  "mt-MT", "my-MM", "ne-NP", "nl-NL", "no-NO", "pa-IN", "pl-PL", "ps-AF", "pt-BR", "ro-RO", "ru-RU", "si-LK",
  "sk-SK", "sl-SI", "so-SO", "sq-AL", "sr-RS", "su-ID", "sv-SE", "sw-KE", "ta-IN", "te-IN", "th-TH", "tl-PH",
  "tr-TR", "tt-RU", "uk-UA", "uz-UZ", "vi-VN", "zh-CN",
];

/** Those, by their names, and the chosen one, where it is another. */
export const spokenLanguages = (chosen: string): Option<string>[] => (
  [...new Set([...SPOKEN_LANGUAGES, ...(chosen ? [chosen] : [])])].map((id) => ({ id, name: languageName(id) }))
    .sort((one, other) => one.name.localeCompare(other.name, "en"))
);

const LANGUAGE_NAMES = new Intl.DisplayNames(["en"], { type: "language" });

export const languageName = (code: string): string => LANGUAGE_NAMES.of(code) ?? code;

/** How many people can be told apart. */
export const SPEAKERS = [2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/** A look as it is on its own. */
export const PLAIN_STYLE: CaptionStyle = {
  position: "bottom", platform: "none", size: "medium", font: "look", color: "", highlight: "", profanity: "shown",
  label: "",
  hook: false,
};

export const POSITIONS: Option<CaptionStyle["position"]>[] = [
  { id: "top", name: t("choice.top") },
  { id: "middle", name: t("choice.middle") },
  { id: "bottom", name: t("choice.bottom") },
];

/** Fonts of a mood each; the look has one of its own. */
export const FONTS: Option<CaptionStyle["font"]>[] = [
  { id: "look", name: t("choice.lookFont") },
  { id: "clean", name: t("choice.clean") },
  { id: "loud", name: t("choice.loud") },
  { id: "comic", name: t("choice.comic") },
  { id: "serif", name: t("choice.serif") },
  { id: "hand", name: t("choice.hand") },
  { id: "typed", name: t("choice.typed") },
];

export const SIZES: Option<CaptionStyle["size"]>[] = [
  { id: "small", name: t("choice.small") },
  { id: "medium", name: t("choice.medium") },
  { id: "large", name: t("choice.large") },
];

type PostPlatform = Plan["publish"]["posts"][number]["platform"];

const POSTED_ON: Record<PostPlatform, string> = {
  youtube: t("choice.youtube"), instagram: t("choice.instagram"), tiktok: t("choice.tiktok"), x: t("choice.x"),
  linkedin: t("choice.linkedin"),
};

/** Where a video is posted, by its name. */
export const platformName = (platform: PostPlatform): string => POSTED_ON[platform];

export const PLATFORMS: Option<CaptionStyle["platform"]>[] = [
  { id: "none", name: t("choice.anywhere") },
  { id: "tiktok", name: t("choice.tiktok") },
  { id: "reels", name: t("choice.reels") },
  { id: "shorts", name: t("choice.shorts") },
];

export const CORNERS: Option<Corner>[] = [
  { id: "top-left", name: t("choice.topLeft") },
  { id: "top-right", name: t("choice.topRight") },
  { id: "bottom-left", name: t("choice.bottomLeft") },
  { id: "bottom-right", name: t("choice.bottomRight") },
];

export const CONTINUITIES: Option<Continuity>[] = [
  { id: "none", name: t("choice.apart"), use: t("choice.apartUse") },
  { id: "chain", name: t("choice.chain"), use: t("choice.chainUse") },
  { id: "still", name: t("choice.still"), use: t("choice.stillUse") },
];
