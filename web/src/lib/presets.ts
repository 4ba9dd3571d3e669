/** A preset as it is edited, where an empty value is one that it leaves open, and as the API takes it. */

import type { CaptionStyle, Corner, PresetChoices, Speakers } from "@/api/types";
import { CAPTIONS, FORMATS, PLAIN_STYLE, STYLES } from "./choices";
import { money, span } from "./format";
import { t } from "./i18n";

type Left<Name extends keyof PresetChoices> = NonNullable<PresetChoices[Name]> | "";

export interface PresetDraft {
  style: Left<"style">;
  targetDuration: number | "";
  aspectRatio: Left<"aspectRatio">;
  resolution: Left<"resolution">;
  captions: Left<"captions">;
  captionStyle: CaptionStyle;
  captionLanguage: Left<"captionLanguage">;
  languageCode: string;
  continuity: Left<"continuity">;
  speakers: Speakers;
  music: string;
  model: Left<"model">;
  /** As typed, in USD. */
  budget: string;
  logo: { imageId: string; corner: Corner } | null;
  intro: Bumper | null;
  outro: Bumper | null;
}

interface Bumper {
  imageId: string;
  /** Empty for as long as it is, or as is usual. */
  seconds: number | "";
}

const OPEN = [
  "style", "targetDuration", "aspectRatio", "resolution", "captions", "captionLanguage", "languageCode", "continuity",
  "model",
] as const;

const bumperOf = (stored: PresetChoices["intro"]): Bumper | null => (
  stored ? { imageId: stored.imageId, seconds: stored.seconds ?? "" } : null
);
const asStored = (name: "intro" | "outro", bumper: Bumper | null): PresetChoices => (
  bumper ? { [name]: { imageId: bumper.imageId, ...(bumper.seconds ? { seconds: bumper.seconds } : {}) } } : {}
);

export function draftOf(choices: PresetChoices): PresetDraft {
  const { logo, budget } = choices;
  const open = Object.fromEntries(OPEN.map((name) => [name, choices[name] ?? ""]));
  return {
    ...open as Pick<PresetDraft, (typeof OPEN)[number]>,
    captionStyle: { ...PLAIN_STYLE, ...choices.captionStyle },
    speakers: choices.speakers ?? false,
    music: choices.music ?? "",
    budget: budget ? String(budget) : "",
    logo: logo ? { imageId: logo.imageId, corner: logo.corner ?? "top-right" } : null,
    intro: bumperOf(choices.intro),
    outro: bumperOf(choices.outro),
  };
}

/** The choices of the draft, whose limit is `budget` in USD. */
export function choicesOfPreset(draft: PresetDraft, budget: number | undefined): PresetChoices {
  const values = Object.fromEntries(OPEN.filter((name) => draft[name] !== "").map((name) => [name, draft[name]]));
  const isPlain = (Object.keys(PLAIN_STYLE) as (keyof CaptionStyle)[])
    .every((part) => draft.captionStyle[part] === PLAIN_STYLE[part]);
  return {
    ...values,
    ...(isPlain ? {} : { captionStyle: draft.captionStyle }),
    ...(draft.speakers === false ? {} : { speakers: draft.speakers }),
    ...(draft.music ? { music: draft.music } : {}),
    ...(budget === undefined ? {} : { budget }),
    ...(draft.logo ? { logo: draft.logo } : {}),
    ...asStored("intro", draft.intro),
    ...asStored("outro", draft.outro),
  };
}

const named = <T>(options: { id: T; name: string }[], id: T | null | undefined): string[] => (
  options.filter((each) => each.id === id).map((each) => each.name)
);

/** What a preset says, in a line. */
export function summary(choices: PresetChoices): string {
  const { style, targetDuration, aspectRatio, captions, logo, intro, outro, music, budget } = choices;
  const parts = [
    ...named(STYLES, style), ...(targetDuration ? [span(targetDuration)] : []), ...named(FORMATS, aspectRatio),
    ...named(CAPTIONS, captions).map((name) => t("presets.captionsAre", { name })),
    ...(logo ? [t("presets.logo")] : []), ...(intro ? [t("presets.intro.name")] : []),
    ...(outro ? [t("presets.outro.name")] : []), ...(music ? [t("presets.music")] : []),
    ...(budget ? [t("presets.upTo", { usd: money(budget) })] : []),
  ];
  return parts.join(" · ") || t("presets.empty");
}
