/** Passing a video on: the file itself where the device can, else a link to it, which lives for a while only. */

import { read } from "./links";

export type Shared = "shared" | "copied" | "shown";

/** Returns what became of it; rejects when the file cannot be read. `file` is called again for a link that has died. */
export async function shareVideo(url: string, name: string, title: string): Promise<Shared> {
  if (canShareFiles()) {
    const file = new File([await read(url)], name, { type: "video/mp4" });
    if (navigator.canShare({ files: [file] })) {
      // A person who closes the sheet has changed their mind; that is no problem to speak of.
      await navigator.share({ files: [file], title }).catch(() => undefined);
      return "shared";
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    return "copied";
  } catch {
    return "shown";
  }
}

function canShareFiles(): boolean {
  return "canShare" in navigator && navigator.canShare({ files: [new File([""], "a.mp4", { type: "video/mp4" })] });
}
