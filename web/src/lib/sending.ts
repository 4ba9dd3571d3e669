/** Sends a file with its presigned form. */

import { ConnectionLost } from "@/api/problems";
import type { Upload } from "@/api/types";

type OnPercent = (percent: number) => void;
export type Sender = (upload: Upload, file: File, onPercent: OnPercent, signal: AbortSignal) => Promise<void>;

// fetch cannot tell how much of a body it has sent.
export const sendForm: Sender = (upload, file, onPercent, signal) =>
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
