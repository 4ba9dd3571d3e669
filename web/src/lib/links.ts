/** Links of short life: each answer of the service signs them anew, though they lead to the same file. */

import { ref, watch, type Ref } from "vue";

/** Milliseconds for which the first link to a file is shown: less than the hour that a link lives. */
export const KEEP_MS = 45 * 60_000;

export interface SteadyLink {
  link: Ref<string>;
  /** The link does not work any more: the next one is taken. */
  renew(): void;
}

/** The link to show: the first one to a file is kept, so that the file is not loaded again with every answer. */
export function useSteadyLink(current: () => string | undefined, now: () => number = Date.now): SteadyLink {
  const link = ref("");
  let since = 0;
  let isStale = false;
  watch(current, (newest = "") => {
    const isSame = fileOf(newest) === fileOf(link.value);
    if (isSame && !isStale && now() - since < KEEP_MS) return;
    link.value = newest;
    since = now();
    isStale = false;
  }, { immediate: true });
  return { link, renew: () => { isStale = true; } };
}

function fileOf(link: string): string {
  return link.split("?")[0] ?? "";
}

export async function read(link: string): Promise<Blob> {
  const reply = await fetch(link);
  if (!reply.ok) throw new Error(`The file could not be read (${reply.status}).`);
  return await reply.blob();
}

/** Saves a file of another origin under a name of ours; a plain link to it would be opened instead. */
export async function save(link: string, name: string): Promise<void> {
  hand(await read(link), name);
}

/** Hands the content over to the browser, to be saved under the name. */
export function hand(content: Blob, name: string): void {
  const local = URL.createObjectURL(content);
  const anchor = Object.assign(document.createElement("a"), { href: local, download: name });
  anchor.click();
  // The browser has its own hold on the data once the click is over.
  setTimeout(() => { URL.revokeObjectURL(local); });
}
