/** The person's own pictures and clips, newest first, page by page. */

import { defineStore } from "pinia";
import { computed, ref } from "vue";

import type { PictureApi } from "@/api/pictures";
import { isAbort, sentence } from "@/api/problems";
import type { Picture, PicturePage } from "@/api/types";
import { useServices } from "@/composables/useServices";

export const isReady = (picture: Picture): boolean => picture.status === "ready";
const isUnderWay = ({ status }: Picture): boolean => status === "waiting" || status === "checking";

function without(some: Picture[], all: Picture[]): Picture[] {
  const ids = new Set(some.map((each) => each.imageId));
  return all.filter((each) => !ids.has(each.imageId));
}

/** Those that come after a page: ids sort as the list does. */
const olderThan = (page: Picture[], all: Picture[]): Picture[] => (
  all.filter((each) => each.imageId > (page.at(-1)?.imageId ?? ""))
);

/** The list as it is read page by page; what kept it from that is the `problem`. */
function usePages(api: Pick<PictureApi, "pictures">) {
  const list = ref<Picture[]>([]);
  const next = ref<string>();
  const isLoaded = ref(false);
  const problem = ref("");

  /** Takes the newest first page: what it tells of replaces what is known, and what it lacks has been deleted. */
  function takeFirst(page: PicturePage): void {
    const older = page.next ? olderThan(page.images, list.value) : [];
    list.value = [...page.images, ...older];
    if (!older.length) next.value = page.next ?? undefined;
    isLoaded.value = true;
    problem.value = "";
  }

  const attempt = (act: () => Promise<void>): Promise<void> => act().catch((error: unknown) => {
    if (!isAbort(error)) problem.value = sentence(error);
  });

  /** Reads the newest page. */
  const load = () => attempt(async () => { takeFirst((await api.pictures()).body); });

  /** Reads the page after those that are there. */
  const more = () => attempt(async () => {
    const page = (await api.pictures(next.value)).body;
    list.value = [...without(page.images, list.value), ...page.images];
    next.value = page.next ?? undefined;
  });

  return { list, next, isLoaded, problem, takeFirst, attempt, load, more };
}

export const usePictures = defineStore("pictures", () => {
  const { api } = useServices();
  const { attempt, ...pages } = usePages(api);
  const { list, isLoaded, load } = pages;
  const ready = computed(() => list.value.filter(isReady));
  const isBusy = computed(() => list.value.some(isUnderWay));
  let first: Promise<void> | undefined;

  /** Reads the newest page, unless that was done: many may need it at once. */
  async function ensure(): Promise<void> {
    first ??= load();
    await first;
    if (!isLoaded.value) first = undefined;
  }

  /** Asks about those that came before somebody went away: one that nobody asks about is not checked. */
  const look = () => attempt(async () => {
    const latest = await Promise.all(list.value.filter(isUnderWay).map(({ imageId }) => api.picture(imageId)));
    const byId = new Map(latest.map(({ body }) => [body.imageId, body]));
    list.value = list.value.map((each) => byId.get(each.imageId) ?? each);
  });

  /** Takes one that has just come. */
  function put(picture: Picture): void {
    list.value = [picture, ...without([picture], list.value)];
  }

  /** Resolves when it is deleted; rejects with the API's problem, for the dialog that asked. */
  async function remove(imageId: string): Promise<void> {
    await api.removePicture(imageId);
    list.value = list.value.filter((each) => each.imageId !== imageId);
  }

  function forget(): void {
    list.value = [];
    isLoaded.value = false;
    pages.next.value = undefined;
    pages.problem.value = "";
    first = undefined;
  }

  return { ...pages, ready, isBusy, ensure, look, put, remove, forget };
});
