/** One of the person's own pictures by its id, looked up where it is not known yet. */

import { ref, shallowRef, watch } from "vue";

import { isAbort, sentence } from "@/api/problems";
import type { Picture } from "@/api/types";
import { useServices } from "./useServices";

export function useOwnPicture(imageId: () => string | undefined) {
  const { api } = useServices();
  const picture = shallowRef<Picture>();
  const problem = ref("");

  /** Asks for it, or for new links of it. */
  async function look(): Promise<void> {
    const id = imageId();
    if (!id) return;
    try {
      picture.value = (await api.picture(id)).body;
    } catch (error) {
      picture.value = undefined;
      problem.value = isAbort(error) ? "" : sentence(error);
    }
  }

  /** Takes one that was just chosen. */
  function take(chosen: Picture): void {
    picture.value = chosen;
    problem.value = "";
  }

  watch(imageId, (id) => { if (id !== picture.value?.imageId) void look(); }, { immediate: true });
  return { picture, problem, look, take };
}
