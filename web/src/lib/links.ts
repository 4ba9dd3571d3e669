/** Links of short life: each answer of the service signs them anew, though they lead to the same file. */

import { ref, watch, type Ref } from "vue";

/** The link to show: the first one to a file is kept, so that the file is not loaded again with every answer. */
export function steadyLink(current: () => string | undefined): Ref<string> {
  const kept = ref("");
  watch(current, (link = "") => {
    if (fileOf(link) !== fileOf(kept.value)) kept.value = link;
  }, { immediate: true });
  return kept;
}

function fileOf(link: string): string {
  return link.split("?")[0] ?? "";
}

/** Saves a file of another origin under a name of ours; a plain link to it would be opened instead. */
export async function save(link: string, name: string): Promise<void> {
  const reply = await fetch(link);
  if (!reply.ok) throw new Error(`The file could not be read (${reply.status}).`);
  const local = URL.createObjectURL(await reply.blob());
  const anchor = Object.assign(document.createElement("a"), { href: local, download: name });
  anchor.click();
  // The browser has its own hold on the data once the click is over.
  setTimeout(() => { URL.revokeObjectURL(local); });
}
