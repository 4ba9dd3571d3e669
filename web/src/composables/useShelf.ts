/** The person's own files of a kind: what there is of it, and a file on its way to become some. */

import { onScopeDispose, reactive } from "vue";

import { ApiProblem, isAbort, sentence } from "@/api/problems";
import type { OwnFile, Shelf } from "@/api/shelves";
import { bytes } from "@/lib/format";
import { t } from "@/lib/i18n";
import { sendForm } from "@/lib/sending";
import { useServices } from "./useServices";

/** Milliseconds between two looks at a file that is being checked. */
const LOOK_MS = 1_000;

/** What a file must be that is sent to the shelf, and the messages in which it is spoken of. */
export interface ShelfRules {
  words: "music" | "fonts";
  /** Empty for what is none. */
  typeOf(file: File): string;
  mostBytes: number;
}

export function useShelf(shelf: Shelf, rules: ShelfRules, lookMs = LOOK_MS) {
  const { send = sendForm } = useServices();
  const gone = new AbortController();
  const state = reactive({
    files: [] as OwnFile[], step: "" as "" | "uploading" | "checking", percent: 0, problem: "",
  });
  onScopeDispose(() => { gone.abort(); });

  /** Acts, and returns what came of it; what went wrong is said, and is undefined. */
  async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    state.problem = "";
    try {
      return await act();
    } catch (error) {
      if (!isAbort(error)) state.problem = sentence(error);
      return undefined;
    } finally {
      state.step = "";
    }
  }

  const load = () => attempt(async () => { state.files = await shelf.list(gone.signal); });

  /** Sends a file, waits until it was checked, and returns it; undefined when it cannot be used. */
  const add = (file: File) => attempt(async () => {
    const problem = unfit(file, rules);
    if (problem) throw new ApiProblem(415, { message: problem });
    Object.assign(state, { step: "uploading", percent: 0 });
    const { id, upload } = await shelf.create(file, crypto.randomUUID());
    await send(upload, file, (percent) => { state.percent = percent; }, gone.signal);
    state.step = "checking";
    const own = await checked(id);
    if (own.status !== "ready") throw new ApiProblem(415, { message: own.reason || t(`${rules.words}.lost`) });
    state.files.unshift(own);
    return own;
  });

  async function checked(id: string): Promise<OwnFile> {
    for (;;) {
      const own = await shelf.show(id, gone.signal);
      if (own.status !== "waiting" && own.status !== "checking") return own;
      await new Promise((resolve) => { window.setTimeout(resolve, lookMs); });
    }
  }

  const remove = (id: string) => attempt(async () => {
    await shelf.remove(id);
    state.files = state.files.filter((file) => file.id !== id);
    return id;
  });

  return { state, load, add, remove };
}

function unfit(file: File, { words, typeOf, mostBytes }: ShelfRules): string {
  if (!typeOf(file)) return t(`${words}.unsupported`);
  if (file.size === 0) return t("upload.empty");
  return file.size > mostBytes ? t("upload.tooLarge", { size: bytes(mostBytes) }) : "";
}
