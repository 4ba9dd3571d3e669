/** Passing a video on: the file itself where the device can, else a link to it, which lives for a while only. */

import { read } from "./links";

export type Shared = "shared" | "copied" | "shown";

/** Returns what became of it; rejects when the file cannot be read. */
export async function shareVideo(url: string, name: string, title: string): Promise<Shared> {
  if (canShareFiles()) {
    const file = new File([await read(url)], name, { type: "video/mp4" });
    if (navigator.canShare({ files: [file] }) && await offer({ files: [file], title })) return "shared";
  }
  try {
    await navigator.clipboard.writeText(url);
    return "copied";
  } catch {
    return "shown";
  }
}

/** Whether the device took it up: reading a large file may outlive the press, without which it opens no sheet. */
async function offer(data: ShareData): Promise<boolean> {
  try {
    await navigator.share(data);
    return true;
  } catch (error) {
    // A person who closes the sheet has changed their mind; that is no problem to speak of.
    return error instanceof DOMException && error.name === "AbortError";
  }
}

function canShareFiles(): boolean {
  return "canShare" in navigator && navigator.canShare({ files: [new File([""], "a.mp4", { type: "video/mp4" })] });
}
