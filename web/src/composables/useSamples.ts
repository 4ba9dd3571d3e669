/** The sound of a recording as its outline is drawn from: loaded once for a link. */

import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";

import { DECODED_BYTES, loadSamples } from "@/lib/waveform";

/** Undefined while it is not known, where there is no link, or where the recording, of `size` bytes, is too large. */
export function useSamples(link: () => string, size: () => number): ShallowRef<Float32Array | undefined> {
  const samples = shallowRef<Float32Array>();
  let abort = new AbortController();
  watch(link, (url) => {
    abort.abort();
    abort = new AbortController();
    if (!url || size() > DECODED_BYTES) return;
    loadSamples(url, abort.signal).then((sound) => { samples.value = sound; }, () => undefined);
  }, { immediate: true });
  onScopeDispose(() => { abort.abort(); });
  return samples;
}
