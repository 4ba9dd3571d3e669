/** The latest edit that was refused, told beside the field that it came from. */

import { computed, inject, onBeforeUnmount, provide, reactive, type ComputedRef, type InjectionKey } from "vue";

import { placeOf, refusalWords, type Refusal } from "@/lib/refusals";

interface Refusals {
  current: () => Refusal | undefined;
  /** The places of the page that tell of one. */
  places: Set<string>;
}

const REFUSALS: InjectionKey<Refusals> = Symbol("refusals");

/** Lets the fields below tell of it; returns whether one of them does. */
export function provideRefusals(current: () => Refusal | undefined): ComputedRef<boolean> {
  const places = reactive(new Set<string>());
  provide(REFUSALS, { current, places });
  return computed(() => {
    const refusal = current();
    return refusal !== undefined && places.has(placeOf(refusal.change));
  });
}

/** What was refused at one of the `places`, in words; empty while nothing was. */
export function useRefusal(...places: string[]): ComputedRef<string> {
  const refusals = inject(REFUSALS, undefined);
  for (const place of places) refusals?.places.add(place);
  onBeforeUnmount(() => { for (const place of places) refusals?.places.delete(place); });
  return computed(() => {
    const refusal = refusals?.current();
    return refusal && places.includes(placeOf(refusal.change)) ? refusalWords(refusal) : "";
  });
}
