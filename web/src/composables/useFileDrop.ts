/** Files that are dropped on an element: whether some are held over it, and what they are when they fall. */

import { ref, type Ref } from "vue";

export interface FileDrop {
  isOver: Ref<boolean>;
  /** For `v-on` of the element; one inside another takes what falls on it for itself. */
  on: Record<"dragover" | "dragleave" | "drop", (event: DragEvent) => void>;
}

export function useFileDrop(take: (files: File[]) => void): FileDrop {
  const isOver = ref(false);
  const hold = (event: DragEvent, isHeld: boolean) => {
    event.preventDefault();
    event.stopPropagation();
    isOver.value = isHeld;
  };
  const on: FileDrop["on"] = {
    dragover: (event) => { hold(event, true); },
    dragleave: (event) => { hold(event, false); },
    drop(event) {
      hold(event, false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length) take(files);
    },
  };
  return { isOver, on };
}
