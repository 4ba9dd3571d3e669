/** Recordings on their way to the bucket: each has its record first, then its presigned form; they outlive the view. */

import { defineStore } from "pinia";
import { computed, reactive } from "vue";

import { LIMITS } from "@/api/limits";
import { isAbort, sentence } from "@/api/problems";
import { contentType } from "@/api/files";
import type { Reelwright } from "@/api/reelwright";
import type { Created } from "@/api/types";
import { useServices } from "@/composables/useServices";
import { bytes } from "@/lib/format";
import { t } from "@/lib/i18n";
import { sendForm, type Sender } from "@/lib/sending";

/** So many are sent at once; the others wait. */
const AT_ONCE = 2;

export interface Transfer {
  id: string;
  name: string;
  title: string;
  state: "waiting" | "uploading" | "failed" | "arrived";
  percent: number;
  problem: string;
  /** Whether trying again could help: a file of the wrong kind stays one. */
  canRetry: boolean;
  /** The video's id once the recording has arrived. */
  videoId: string;
}

interface Job {
  file: File;
  abort: AbortController;
  created?: Created;
}

export const useUploads = defineStore("uploads", () => {
  const { api, send = sendForm } = useServices();
  const transfers = reactive<Transfer[]>([]);
  const jobs = new Map<string, Job>();
  const isBusy = computed(() => transfers.some((each) => each.state === "uploading" || each.state === "waiting"));

  function add(files: Iterable<File>): void {
    for (const file of files) {
      const transfer = transferOf(file);
      jobs.set(transfer.id, { file, abort: new AbortController() });
      transfers.push(transfer);
    }
    next();
  }

  function next(): void {
    const free = AT_ONCE - transfers.filter((each) => each.state === "uploading").length;
    for (const transfer of transfers.filter((each) => each.state === "waiting").slice(0, Math.max(0, free))) {
      void run(transfer);
    }
  }

  async function run(transfer: Transfer): Promise<void> {
    const job = jobs.get(transfer.id);
    if (!job) return;
    Object.assign(transfer, { state: "uploading", percent: 0, problem: "" });
    try {
      transfer.videoId = await deliver(api, send, transfer, job);
      transfer.state = "arrived";
    } catch (error) {
      if (isAbort(error)) dismiss(transfer.id);
      else Object.assign(transfer, { state: "failed", problem: sentence(error) });
    }
    next();
  }

  function retry(id: string): void {
    const transfer = transfers.find((each) => each.id === id);
    if (transfer?.state !== "failed" || !transfer.canRetry) return;
    transfer.state = "waiting";
    next();
  }

  /** Stops a transfer that is under way, and takes it off the list. */
  function dismiss(id: string): void {
    jobs.get(id)?.abort.abort();
    jobs.delete(id);
    const place = transfers.findIndex((each) => each.id === id);
    if (place >= 0) transfers.splice(place, 1);
  }

  function forget(): void {
    for (const id of [...jobs.keys()]) dismiss(id);
  }

  return { transfers, isBusy, add, retry, dismiss, forget };
});

function transferOf(file: File): Transfer {
  const problem = unfit(file);
  return {
    id: crypto.randomUUID(), name: file.name, title: titleOf(file.name), state: problem ? "failed" : "waiting",
    percent: 0, problem, canRetry: !problem, videoId: "",
  };
}

/** Makes the record, once for one file whatever answer was lost, and sends the form; returns the video's id. */
async function deliver(
  api: Pick<Reelwright, "createVideo">, send: Sender, transfer: Transfer, job: Job,
): Promise<string> {
  job.created ??= await api.createVideo(job.file, transfer.title, transfer.id);
  await send(job.created.upload, job.file, (percent) => { transfer.percent = percent; }, job.abort.signal);
  return job.created.video.video_id;
}

/** What is wrong with a file before it is sent, in words; empty when nothing is. */
export function unfit(file: File): string {
  if (!contentType(file)) return t("upload.unsupported");
  if (file.size === 0) return t("upload.empty");
  return file.size > LIMITS.fileBytes ? t("upload.tooLarge", { size: bytes(LIMITS.fileBytes) }) : "";
}

export function titleOf(filename: string): string {
  const words = filename.replace(/\.[^.]+$/, "").replaceAll(/[_-]+/g, " ").trim().slice(0, LIMITS.titleLength);
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : filename.slice(0, LIMITS.titleLength);
}
