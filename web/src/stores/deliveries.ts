/** Own pictures on their way: each has its record first, then its presigned form, and is checked before it is used. */

import { defineStore } from "pinia";
import { computed, reactive } from "vue";

import { isAbort, sentence } from "@/api/problems";
import { pictureType, type PictureApi } from "@/api/pictures";
import type { Picture } from "@/api/types";
import { useServices } from "@/composables/useServices";
import { t } from "@/lib/i18n";
import { sendForm, type Sender } from "@/lib/sending";
import { isReady, usePictures } from "./pictures";

/** So many are sent at once; the others wait. */
const AT_ONCE = 3;
/** Milliseconds between two looks at one that is checked, where the service names no wait. */
const LOOK_MS = 1_000;

export interface Delivery {
  id: string;
  /** What it was dropped on. */
  place: string;
  name: string;
  state: "waiting" | "sending" | "checking" | "failed";
  percent: number;
  problem: string;
}

interface Way {
  api: Pick<PictureApi, "createPicture" | "picture">;
  send: Sender;
  pause: (milliseconds: number) => Promise<void>;
}

const inOrder = new Intl.Collator(undefined, { numeric: true });
const wait = (milliseconds: number) => new Promise<void>((resolve) => { setTimeout(resolve, milliseconds); });

export const useDeliveries = defineStore("deliveries", () => {
  const { api, send = sendForm, pause = wait } = useServices();
  const pictures = usePictures();
  const list = reactive<Delivery[]>([]);
  const aborts = new Map<string, AbortController>();
  const isBusy = computed(() => list.some((each) => each.state !== "failed"));

  /** Sends the files; resolves with those that can be used, in the order of their names, in which numbers count. */
  async function add(place: string, files: File[]): Promise<Picture[]> {
    const sorted = [...files].sort((one, other) => inOrder.compare(one.name, other.name));
    const rows = sorted.map((file) => ({ file, delivery: note(place, file, unfit(file)) }));
    const waiting = rows.filter(({ delivery }) => delivery.state === "waiting");
    const arrived = await sideBySide(waiting, AT_ONCE, ({ delivery, file }) => run(delivery, file));
    return arrived.flatMap((picture) => picture ?? []);
  }

  /** Puts a file on the list, where it waits, or says why it is not sent. */
  function note(place: string, file: File, problem: string): Delivery {
    list.push({
      id: crypto.randomUUID(), place, name: file.name, state: problem ? "failed" : "waiting", percent: 0, problem,
    });
    return list.at(-1) as Delivery;
  }

  async function run(delivery: Delivery, file: File): Promise<Picture | undefined> {
    // It may have been taken off the list before its turn.
    if (!list.some((each) => each.id === delivery.id)) return undefined;
    const abort = new AbortController();
    aborts.set(delivery.id, abort);
    try {
      const picture = await deliver({ api, send, pause }, delivery, file, abort.signal);
      pictures.put(picture);
      if (isReady(picture)) dismiss(delivery.id);
      else Object.assign(delivery, { state: "failed", problem: picture.reason || t("pictures.lost") });
      return isReady(picture) ? picture : undefined;
    } catch (error) {
      if (!isAbort(error)) Object.assign(delivery, { state: "failed", problem: sentence(error) });
      return undefined;
    }
  }

  /** Stops one that is under way, and takes it off the list. */
  function dismiss(id: string): void {
    aborts.get(id)?.abort();
    aborts.delete(id);
    const at = list.findIndex((each) => each.id === id);
    if (at >= 0) list.splice(at, 1);
  }

  function forget(): void {
    for (const { id } of [...list]) dismiss(id);
  }

  return { list, isBusy, add, refuse: note, dismiss, forget };
});

/** Does so many at once, and returns what came of each in their order. */
async function sideBySide<T, R>(items: T[], most: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = [...items.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: most }, work));
  return results;
}

function unfit(file: File): string {
  if (!pictureType(file)) return t("pictures.unsupported");
  return file.size ? "" : t("upload.empty");
}

/** Makes the record, sends the form, and asks until the file is checked. */
async function deliver(
  { api, send, pause }: Way, delivery: Delivery, file: File, signal: AbortSignal,
): Promise<Picture> {
  delivery.state = "sending";
  const { image, upload } = await api.createPicture(file, delivery.id);
  signal.throwIfAborted();
  await send(upload, file, (percent) => { delivery.percent = percent; }, signal);
  delivery.state = "checking";
  for (;;) {
    const { body, retryAfter } = await api.picture(image.imageId, signal);
    if (body.status !== "waiting" && body.status !== "checking") return body;
    await pause(retryAfter * 1000 || LOOK_MS);
    signal.throwIfAborted();
  }
}
