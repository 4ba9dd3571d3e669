/** What the choices would cost, asked anew a moment after each change; only the newest answer counts. */

import { reactive, watch } from "vue";

import { isAbort, sentence } from "@/api/problems";
import type { Reelwright } from "@/api/reelwright";
import type { Choices, Estimate } from "@/api/types";

export const PAUSE_MS = 250;

export interface LiveEstimate {
  value: Estimate | undefined;
  pending: boolean;
  problem: string;
}

/** `wanted` is undefined until there is something to ask about; `recordingSeconds` is 0 while it is not known. */
export function useEstimate(
  api: Pick<Reelwright, "estimate">, videoId: string, wanted: () => Choices | undefined,
  recordingSeconds: () => number = () => 0,
): LiveEstimate {
  const live: LiveEstimate = reactive({ value: undefined, pending: true, problem: "" });

  async function ask(choices: Choices, signal: AbortSignal): Promise<void> {
    try {
      const value = await api.estimate(videoId, choices, recordingSeconds(), signal);
      if (!signal.aborted) Object.assign(live, { value, pending: false, problem: "" });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) Object.assign(live, { pending: false, problem: sentence(error) });
    }
  }

  // The description has no price: typing it asks for nothing.
  watch(() => priced(wanted(), recordingSeconds()), (_now, before, onCleanup) => {
    const choices = wanted();
    if (!choices) return;
    const abort = new AbortController();
    live.pending = true;
    const timer = setTimeout(() => void ask(choices, abort.signal), before ? PAUSE_MS : 0);
    onCleanup(() => {
      clearTimeout(timer);
      abort.abort();
    });
  }, { immediate: true });
  return live;
}

function priced(choices: Choices | undefined, recordingSeconds: number): string {
  return choices ? JSON.stringify({ ...choices, prompt: "", recordingSeconds }) : "";
}
