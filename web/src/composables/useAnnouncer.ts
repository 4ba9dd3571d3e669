/** What a screen reader says of things that happen away from its focus: one live region for the whole page. */

import { ref } from "vue";

const words = ref("");

export function useAnnouncer() {
  return {
    words,
    announce(sentence: string): void {
      // The same words twice would not be a change, and so not be said.
      words.value = words.value === sentence ? `${sentence}\u00a0` : sentence;
    },
  };
}
