/** What something would cost, asked anew a moment after each change; only the newest answer counts. */

import { reactive, watch } from "vue";

import { isAbort, sentence } from "@/api/problems";

export const PAUSE_MS = 250;

export interface LivePrice<T> {
  value: T | undefined;
  pending: boolean;
  problem: string;
}

/** `mark` is another text whenever the price may be another; empty while there is nothing to ask about. */
export function usePrice<T>(ask: (signal: AbortSignal) => Promise<T>, mark: () => string): LivePrice<T> {
  const live = reactive({ value: undefined, pending: true, problem: "" }) as LivePrice<T>;

  async function renew(signal: AbortSignal): Promise<void> {
    try {
      const value = await ask(signal);
      if (!signal.aborted) Object.assign(live, { value, pending: false, problem: "" });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) Object.assign(live, { pending: false, problem: sentence(error) });
    }
  }

  watch(mark, (now, before, onCleanup) => {
    if (!now) return;
    const abort = new AbortController();
    live.pending = true;
    const timer = setTimeout(() => void renew(abort.signal), before ? PAUSE_MS : 0);
    onCleanup(() => {
      clearTimeout(timer);
      abort.abort();
    });
  }, { immediate: true });
  return live;
}
