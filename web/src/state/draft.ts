/** The choices for one video, kept in the tab so that neither a reload nor an expired session loses them. */

import { reactive, watch } from "vue";

import type { Choices, Generation } from "@/api/types";

export const DURATIONS = [15, 30, 45, 60] as const;

export interface Draft {
  prompt: string;
  targetDuration: number;
  style: Choices["style"];
  aspectRatio: Choices["aspectRatio"];
  captions: Choices["captions"];
  /** As typed, in USD; empty for none. */
  budget: string;
}

const DEFAULTS: Draft = {
  prompt: "", targetDuration: 30, style: "cinematic", aspectRatio: "9:16", captions: "words", budget: "",
};

export function keepDraft(videoId: string, earlier?: Generation | null, store: Storage = sessionStorage): Draft {
  const key = `draft:${videoId}`;
  const draft = reactive({ ...DEFAULTS, ...fromEarlier(earlier), ...stored(store.getItem(key)) });
  watch(draft, (now) => { store.setItem(key, JSON.stringify(now)); });
  return draft;
}

export function forgetDraft(videoId: string, store: Storage = sessionStorage): void {
  store.removeItem(`draft:${videoId}`);
}

/** What is wrong with the budget as typed; empty when nothing is. */
export function budgetProblem(text: string): string {
  if (!text.trim()) return "";
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0.01) return "Enter an amount in dollars, such as 5, or leave it empty.";
  return value > 1000 ? "The budget can be at most $1,000." : "";
}

export function choicesOf(draft: Draft): Choices {
  const { budget, prompt, ...rest } = draft;
  const limit = budget.trim() && !budgetProblem(budget) ? { budget: Number(budget) } : {};
  return { ...rest, prompt: prompt.trim(), ...limit };
}

function fromEarlier(earlier?: Generation | null): Partial<Draft> {
  if (!earlier) return {};
  const { user_prompt: prompt, target_duration: targetDuration, style, options } = earlier;
  const budget = options["budget_usd"] ? String(options["budget_usd"]) : undefined;
  const known = { targetDuration, style, aspectRatio: options["aspect_ratio"], captions: options["captions"], budget };
  return { prompt, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value)) };
}

function stored(text: string | null): Partial<Draft> {
  try {
    return text ? (JSON.parse(text) as Partial<Draft>) : {};
  } catch {
    return {};
  }
}
