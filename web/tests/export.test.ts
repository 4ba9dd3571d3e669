import { afterEach, describe, expect, it, vi } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import type { ExportView } from "@/api/types";
import ExportButton from "@/components/ExportButton.vue";
import { services, show } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

const view = {
  videoId: "v", generationId: "g", revision: 1, name: "Talk", seconds: 4, notes: ["Scene 2 has no clip yet."],
  files: [
    { path: "plan.json", mediaType: "application/json", bytes: 2, text: "{}", link: null },
    { path: "clips/01-s1.mp4", mediaType: "video/mp4", bytes: 4, link: { url: "https://b/1", expiresAt: "" } },
  ],
} as ExportView;

function stage() {
  const saved: { name: string; content: Blob }[] = [];
  const contents: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((content) => `blob:${contents.push(content as Blob)}`);
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function save(this: HTMLAnchorElement) {
    saved.push({ name: this.download, content: contents.at(-1)! });
  });
  const api = { export: vi.fn(async () => view) } as unknown as Reelwright;
  return { saved, page: show(ExportButton, { videoId: "v" }, services({ api })) };
}

describe("the export", () => {
  it("saves nothing where a file cannot be read, and says so", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("", { status: 403 }));
    const { saved, page } = stage();
    await page.get("button").trigger("click");
    await vi.waitFor(() => { expect(page.text()).toContain("The download failed. Try again."); });
    expect(saved).toEqual([]);
    expect(page.get("button").attributes("disabled")).toBeUndefined();
  });
});
