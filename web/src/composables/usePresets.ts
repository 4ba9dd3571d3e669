/** The person's presets, and what choosing one changes of a video's choices. */

import { onScopeDispose, reactive } from "vue";

import { isAbort, sentence } from "@/api/problems";
import type { Preset, PresetChoices } from "@/api/types";
import { PLAIN_STYLE } from "@/lib/choices";
import { DEFAULTS, type Draft } from "./useDraft";
import { useServices } from "./useServices";

const FIELDS = [
  "style", "targetDuration", "aspectRatio", "resolution", "captions", "captionLanguage", "languageCode", "continuity",
  "speakers", "music", "model",
] as const;

export function usePresets() {
  const { api } = useServices();
  const gone = new AbortController();
  const state = reactive({ list: [] as Preset[], isLoaded: false, problem: "" });
  onScopeDispose(() => { gone.abort(); });

  async function load(): Promise<void> {
    state.problem = "";
    try {
      state.list = await api.presets(gone.signal);
      state.isLoaded = true;
    } catch (error) {
      if (!isAbort(error)) state.problem = sentence(error);
    }
  }

  /** Resolves when it is deleted; rejects with the API's problem, for the dialog that asked. */
  async function remove(name: string): Promise<void> {
    await api.removePreset(name);
    state.list = state.list.filter((each) => each.name !== name);
  }

  return { state, load, remove };
}

/** What the choices become: those of the new preset, and as usual what only the one before it had said. */
export function refilled(former: PresetChoices | undefined, next: PresetChoices | undefined): Partial<Draft> {
  const before = filledBy(former);
  const usual = Object.keys(before).map((name) => [name, DEFAULTS[name as keyof Draft]]);
  return { ...Object.fromEntries(usual), ...filledBy(next) };
}

function filledBy(choices: PresetChoices = {}): Partial<Draft> {
  const known = FIELDS.filter((name) => choices[name] !== undefined && choices[name] !== null);
  return {
    ...Object.fromEntries(known.map((name) => [name, choices[name]])),
    ...(choices.captionStyle ? { captionStyle: { ...PLAIN_STYLE, ...choices.captionStyle } } : {}),
    ...(choices.budget ? { budget: String(choices.budget) } : {}),
  };
}
