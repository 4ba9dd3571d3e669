/** The caller's own music: what there is of it, and a file on its way to become some. */

import { onScopeDispose, reactive } from "vue";

import { ApiProblem, isAbort, sentence } from "@/api/problems";
import { contentType } from "@/api/files";
import type { Music } from "@/api/types";
import { bytes } from "@/lib/format";
import { t } from "@/lib/i18n";
import { LIMITS } from "@/api/limits";
import { sendForm } from "@/lib/sending";
import { useServices } from "./useServices";

/** Milliseconds between two looks at music that is being checked. */
const LOOK_MS = 1_000;

export function useMusic(lookMs = LOOK_MS) {
  const { api, send = sendForm } = useServices();
  const gone = new AbortController();
  const state = reactive({ pieces: [] as Music[], step: "" as "" | "uploading" | "checking", percent: 0, problem: "" });
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

  const load = () => attempt(async () => { state.pieces = await api.music(gone.signal); });

  /** Sends a file, waits until it was checked, and returns it; undefined when it cannot be music. */
  const add = (file: File) => attempt(async () => {
    const problem = unfit(file);
    if (problem) throw new ApiProblem(415, { message: problem });
    Object.assign(state, { step: "uploading", percent: 0 });
    const { music, upload } = await api.createMusic(file, crypto.randomUUID());
    await send(upload, file, (percent) => { state.percent = percent; }, gone.signal);
    state.step = "checking";
    const piece = await checked(music.musicId);
    if (piece.status !== "ready") throw new ApiProblem(415, { message: piece.reason || t("music.lost") });
    state.pieces.unshift(piece);
    return piece;
  });

  async function checked(musicId: string): Promise<Music> {
    for (;;) {
      const piece = await api.showMusic(musicId, gone.signal);
      if (piece.status !== "waiting" && piece.status !== "checking") return piece;
      await new Promise((resolve) => { window.setTimeout(resolve, lookMs); });
    }
  }

  const remove = (musicId: string) => attempt(async () => {
    await api.removeMusic(musicId);
    state.pieces = state.pieces.filter((piece) => piece.musicId !== musicId);
    return musicId;
  });

  return { state, load, add, remove };
}

function unfit(file: File): string {
  if (!contentType(file)) return t("music.unsupported");
  if (file.size === 0) return t("upload.empty");
  return file.size > LIMITS.musicBytes ? t("upload.tooLarge", { size: bytes(LIMITS.musicBytes) }) : "";
}
