/** The choices for one video, kept in the tab so that neither a reload nor an expired session loses them. */

import { reactive, watch } from "vue";

import { LIMITS } from "@/api/limits";
import type { CaptionStyle, Choices, Generation, Picture, Transcript } from "@/api/types";
import { PLAIN_STYLE } from "@/lib/choices";
import { amount, money } from "@/lib/format";
import { t } from "@/lib/i18n";

/** A picture that was chosen: what is shown of it is asked for again. */
export type DraftPicture = Pick<Picture, "imageId" | "filename" | "kind">;

export interface Draft {
  prompt: string;
  /** The name of the preset that has filled some of the rest; empty for none. */
  preset: string;
  targetDuration: number;
  style: Choices["style"];
  aspectRatio: Choices["aspectRatio"];
  resolution: Choices["resolution"];
  captions: Choices["captions"];
  captionStyle: CaptionStyle;
  captionLanguage: Choices["captionLanguage"];
  /** What is spoken, as en-US; empty where that is found out. */
  languageCode: string;
  continuity: Choices["continuity"];
  speakers: Choices["speakers"];
  /** The id of own music; empty for none. */
  music: string;
  /** Empty for the deployment's default. */
  model: string;
  /** The person's own, in the order in which scenes show them. */
  pictures: DraftPicture[];
  /** As typed, in USD; empty for none. */
  budget: string;
  /** The person's own, once it was read. */
  transcript: Transcript | null;
}

export const DEFAULTS: Draft = {
  prompt: "", preset: "", targetDuration: 30, style: "cinematic", aspectRatio: "9:16", resolution: "720p",
  captions: "words", captionStyle: PLAIN_STYLE, captionLanguage: "", languageCode: "", continuity: "none",
  speakers: false, music: "", model: "", pictures: [], budget: "", transcript: null,
};

/** Returns what is stored for the video, or the defaults; call `adopt` when an earlier generation is known. */
export function useDraft(videoId: string, store: Storage = sessionStorage) {
  const key = `draft:${videoId}`;
  const draft = reactive({ ...DEFAULTS, ...stored(store.getItem(key)) });
  watch(draft, (now) => { store.setItem(key, JSON.stringify(now)); });

  /** Takes over an earlier generation's choices, unless the person has begun to choose already. */
  function adopt(earlier: Generation | null | undefined): void {
    if (!store.getItem(key)) Object.assign(draft, fromEarlier(earlier));
  }

  return { draft, adopt };
}

export function forgetDraft(videoId: string, store: Storage = sessionStorage): void {
  store.removeItem(`draft:${videoId}`);
}

/** What is wrong with the spending limit as typed; empty when nothing is. */
export function limitProblem(text: string): string {
  if (!text.trim()) return "";
  const value = amount(text);
  if (Number.isNaN(value) || value < LIMITS.budget.minimum) return t("configure.limitInvalid", { example: money(5) });
  return value > LIMITS.budget.maximum ? t("configure.limitTooHigh", { most: money(LIMITS.budget.maximum) }) : "";
}

/** What is wrong with a limit that shall be higher than `limit` USD; empty when nothing is. */
export function raiseProblem(text: string, limit: number): string {
  const isTooLow = limitOf(text) !== undefined && amount(text) <= limit;
  return isTooLow ? t("stopped.limitTooLow", { limit: money(limit) }) : limitProblem(text);
}

/** A spending limit as typed, in USD; undefined for none, and for one that cannot be read. */
export function limitOf(text: string): number | undefined {
  return text.trim() && !limitProblem(text) ? amount(text) : undefined;
}

export function choicesOf(draft: Draft): Choices {
  const { style, targetDuration, aspectRatio, resolution, captions, captionStyle, continuity } = draft;
  const { captionLanguage, speakers, music, model } = draft;
  // A preset's limit and language are shown as the draft's own: without one here there is none.
  const budget = limitOf(draft.budget) ?? (draft.preset ? null : undefined);
  const languageCode = draft.languageCode || (draft.preset ? null : undefined);
  const words = { captions, captionStyle, captionLanguage };
  const looks = { style, aspectRatio, resolution, ...words, continuity, speakers, music };
  const pictures = draft.pictures.map(({ imageId }) => ({ imageId }));
  const own = {
    ...(draft.preset ? { preset: draft.preset } : {}),
    ...(pictures.length ? { pictures } : {}),
    ...(draft.transcript ? { transcriptId: draft.transcript.transcriptId } : {}),
    ...(languageCode === undefined ? {} : { languageCode }),
  };
  const chosen = { prompt: draft.prompt.trim(), targetDuration, ...looks, model, ...own };
  return budget === undefined ? chosen : { ...chosen, budget };
}

function fromEarlier(earlier: Generation | null | undefined): Partial<Draft> {
  if (!earlier) return {};
  const { user_prompt: prompt, target_duration: targetDuration, style, options } = earlier;
  const budget = options["budget_usd"] ? String(options["budget_usd"]) : undefined;
  const known = {
    targetDuration, style, aspectRatio: options["aspect_ratio"], resolution: options["resolution"],
    captions: options["captions"], captionStyle: options["caption_style"],
    captionLanguage: options["caption_language"], languageCode: options["language_code"],
    continuity: options["continuity"],
    speakers: options["speakers"], music: options["music"], budget, preset: options["preset"],
  };
  return { prompt, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value)) };
}

function stored(text: string | null): Partial<Draft> {
  try {
    return text ? (JSON.parse(text) as Partial<Draft>) : {};
  } catch {
    return {};
  }
}
