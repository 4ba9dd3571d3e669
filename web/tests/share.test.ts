import { describe, expect, it, vi } from "vitest";

import { shareVideo } from "@/lib/share";

describe("sharing", () => {
  it("passes the file itself on where the device can, else a link to it", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => new Response("film")));
    const share = vi.fn().mockResolvedValue(undefined);
    const writeText = vi.fn().mockResolvedValue(undefined);
    vi.stubGlobal("navigator", { canShare: () => true, share, clipboard: { writeText } });
    expect(await shareVideo("https://b/f.mp4", "talk.mp4", "Talk")).toBe("shared");
    const [{ files }] = share.mock.calls[0] as [{ files: File[] }];
    expect([files[0]!.name, files[0]!.type, await files[0]!.text()]).toEqual(["talk.mp4", "video/mp4", "film"]);
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    expect(await shareVideo("https://b/f.mp4", "talk.mp4", "Talk")).toBe("copied");
    expect(writeText).toHaveBeenCalledWith("https://b/f.mp4");
    vi.unstubAllGlobals();
  });

  it.each([
    ["AbortError", true, "shared"],
    ["NotAllowedError", true, "copied"],
    ["NotAllowedError", false, "shown"],
    ["DataError", true, "copied"],
  ])("a refusal by %s, when copying is allowed: %s, ends with the video %s", async (name, copies, end) => {
    const share = vi.fn().mockRejectedValue(new DOMException("no", name));
    const writeText = copies ? vi.fn().mockResolvedValue(undefined) : vi.fn().mockRejectedValue(new Error("no"));
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("film")));
    vi.stubGlobal("navigator", { canShare: () => true, share, clipboard: { writeText } });
    expect(await shareVideo("https://b/f.mp4", "talk.mp4", "Talk")).toBe(end);
    vi.unstubAllGlobals();
  });
});
