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

export function followEstimate(
  api: Pick<Reelwright, "estimate">, videoId: string, choices: () => Choices,
): LiveEstimate {
  const live: LiveEstimate = reactive({ value: undefined, pending: true, problem: "" });

  async function ask(wanted: Choices, signal: AbortSignal): Promise<void> {
    try {
      const answer = await api.estimate(videoId, wanted, signal);
      if (!signal.aborted) Object.assign(live, { value: answer, pending: false, problem: "" });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) Object.assign(live, { pending: false, problem: sentence(error) });
    }
  }

  // The description has no price: typing it asks for nothing.
  watch(() => priced(choices()), (_now, before, onCleanup) => {
    const abort = new AbortController();
    live.pending = true;
    const timer = setTimeout(() => void ask(choices(), abort.signal), before === undefined ? 0 : PAUSE_MS);
    onCleanup(() => {
      clearTimeout(timer);
      abort.abort();
    });
  }, { immediate: true });
  return live;
}

function priced(choices: Choices): string {
  return JSON.stringify({ ...choices, prompt: "" });
}
