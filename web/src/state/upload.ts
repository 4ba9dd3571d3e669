/** One recording on its way to the bucket: record first, then the presigned form with its progress. */

import { reactive } from "vue";

import { ConnectionLost, isAbort, sentence } from "@/api/problems";
import { contentType, type Reelwright } from "@/api/reelwright";
import type { Created, Upload } from "@/api/types";

export const LARGEST_BYTES = 2_000_000_000;

export interface UploadState {
  state: "idle" | "uploading" | "failed";
  name: string;
  percent: number;
  problem: string;
  /** The video's id once the recording has arrived; undefined when it did not. */
  begin(file: File): Promise<string | undefined>;
  retry(): Promise<string | undefined>;
  cancel(): void;
}

type OnPercent = (percent: number) => void;
export type Sender = (upload: Upload, file: File, onPercent: OnPercent, signal: AbortSignal) => Promise<void>;

export function makeUpload(api: Pick<Reelwright, "createVideo">, send: Sender = sendForm): UploadState {
  let abort = new AbortController();
  // One key for one file: a second try after a lost answer makes no second record.
  let key = "";
  let chosen: File | undefined;
  let created: Created | undefined;

  async function run(file: File): Promise<string | undefined> {
    abort = new AbortController();
    Object.assign(upload, { state: "uploading", name: file.name, percent: 0, problem: "" });
    try {
      created ??= await api.createVideo(file, titleOf(file.name), key);
      await send(created.upload, file, (percent) => { upload.percent = percent; }, abort.signal);
      upload.state = "idle";
      return created.video.video_id;
    } catch (error) {
      upload.state = isAbort(error) ? "idle" : "failed";
      upload.problem = isAbort(error) ? "" : sentence(error);
      return undefined;
    }
  }

  const upload: UploadState = reactive({
    state: "idle" as UploadState["state"],
    name: "",
    percent: 0,
    problem: "",
    async begin(file) {
      const wrong = unfit(file);
      if (wrong) {
        Object.assign(upload, { state: "failed", name: file.name, problem: wrong });
        chosen = undefined;
        return undefined;
      }
      [chosen, key, created] = [file, crypto.randomUUID(), undefined];
      return await run(file);
    },
    async retry() {
      return chosen ? await run(chosen) : undefined;
    },
    cancel() {
      abort.abort();
    },
  });
  return upload;
}

/** What is wrong with a file before it is sent, in words; empty when nothing is. */
export function unfit(file: File): string {
  if (!contentType(file)) return "This is not a recording. Choose an mp3, mp4, m4a, wav, flac, ogg, webm or amr file.";
  if (file.size === 0) return "This file is empty.";
  if (file.size > LARGEST_BYTES) return "This file is larger than 2 GB.";
  return "";
}

export function titleOf(filename: string): string {
  const words = filename.replace(/\.[^.]+$/, "").replaceAll(/[_-]+/g, " ").trim().slice(0, 200);
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : filename.slice(0, 200);
}

// fetch cannot tell how much of a body it has sent.
const sendForm: Sender = (upload, file, onPercent, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append("file", file);
    request.open("POST", upload.url);
    request.upload.onprogress = (event) => { onPercent(Math.round((100 * event.loaded) / event.total)); };
    request.onload = () => { if (request.status < 300) resolve(); else reject(new ConnectionLost()); };
    request.onerror = () => { reject(new ConnectionLost()); };
    request.onabort = () => { reject(new DOMException("The upload was cancelled.", "AbortError")); };
    signal.addEventListener("abort", () => { request.abort(); });
    request.send(form);
  });
