/** What the choices for a video would cost, asked anew a moment after each change. */

import type { Reelwright } from "@/api/reelwright";
import type { Choices, Estimate } from "@/api/types";
import { usePrice, type LivePrice } from "./usePrice";

export type LiveEstimate = LivePrice<Estimate>;

/** `wanted` is undefined until there is something to ask about; `recordingSeconds` is 0 while it is not known. */
export function useEstimate(
  api: Pick<Reelwright, "estimate">, videoId: string, wanted: () => Choices | undefined,
  recordingSeconds: () => number = () => 0,
): LiveEstimate {
  // Asked about only while there are choices: without any the mark is empty.
  const ask = (signal: AbortSignal) => api.estimate(videoId, wanted() as Choices, recordingSeconds(), signal);
  return usePrice(ask, () => priced(wanted(), recordingSeconds()));
}

// The description has no price: typing it asks for nothing.
function priced(choices: Choices | undefined, recordingSeconds: number): string {
  return choices ? JSON.stringify({ ...choices, prompt: "", recordingSeconds }) : "";
}
