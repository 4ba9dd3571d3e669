import { flushPromises, type VueWrapper } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problems";
import { makeReelwright, type Reelwright } from "@/api/reelwright";
import type { Music } from "@/api/types";
import MusicField from "@/components/MusicField.vue";
import { board, plan } from "./planned";
import { answer, services, show } from "./stage";

afterEach(() => { document.body.replaceChildren(); vi.useRealTimers(); });

const piece = (musicId: string, more: Partial<Music> = {}): Music => ({
  musicId, status: "ready", filename: `${musicId}.mp3`, contentType: "audio/mpeg", fileSize: 1, createdAt: "",
  seconds: 90, reason: "", ...more,
});
const form = { url: "https://bucket", fields: {}, expiresAt: "" };
const file = (name: string, content = "sound") => new File([content], name);

function field(looks: Music[], props: Record<string, unknown> = {}) {
  const api = {
    music: vi.fn(async () => [piece("old")]),
    createMusic: vi.fn(async () => ({ success: true, music: looks[0]!, upload: form })),
    showMusic: vi.fn(async () => looks.shift()!),
    removeMusic: vi.fn(async () => undefined),
  };
  const send = vi.fn(async () => undefined);
  const given = services({ api: api as unknown as Reelwright, send });
  return { api, send, view: show(MusicField, { music: "", ...props }, given) };
}

async function pick(view: VueWrapper, chosen: File): Promise<void> {
  const input = view.get("input[type=file]");
  Object.defineProperty(input.element, "files", { value: [chosen], configurable: true });
  await input.trigger("change");
  await flushPromises();
}

describe("the music under the voice", () => {
  it("is chosen among one's own, or none", async () => {
    const { view } = field([], { music: "old" });
    await flushPromises();
    expect(view.findAll("option").map((each) => each.text())).toEqual(["No music", "old.mp3 (1 min 30 s)"]);
    await view.get("select").setValue("");
    expect(view.emitted("change")).toEqual([[""]]);
  });

  it("is uploaded, waited for until it was checked, and chosen", async () => {
    vi.useFakeTimers();
    const { view, api, send } = field([piece("new", { status: "checking" }), piece("new")]);
    await pick(view, file("bed.mp3"));
    expect(send).toHaveBeenCalledOnce();
    expect(view.text()).toContain("Checking the music…");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(api.showMusic).toHaveBeenCalledTimes(2);
    expect(view.emitted("change")).toEqual([["new"]]);
    expect(view.findAll("option")).toHaveLength(3);
  });

  it.each([
    [file("notes.txt"), [], "Unsupported file type"],
    [file("empty.mp3", ""), [], "This file is empty"],
    [file("bed.mp3"), [piece("new", { status: "refused", reason: "The music is silent." })], "The music is silent."],
    [file("bed.mp3"), [piece("new", { status: "expired" })], "The file didn't arrive."],
  ])("says why a file is none, and chooses nothing", async (chosen, looks, words) => {
    const { view } = field(looks);
    await pick(view, chosen);
    expect(view.get("[role=alert]").text()).toContain(words);
    expect(view.emitted("change")).toBeUndefined();
  });

  it("is deleted where it is chosen, and stays where that fails", async () => {
    const { view, api } = field([], { music: "old" });
    await flushPromises();
    api.removeMusic.mockRejectedValueOnce(new ApiProblem(503, { message: "Later." }));
    const button = view.findAll("button").find((each) => each.text() === "Delete this music")!;
    await button.trigger("click");
    await flushPromises();
    expect([view.get("[role=alert]").text(), view.emitted("change")]).toEqual(["Later.", undefined]);
    await button.trigger("click");
    await flushPromises();
    expect(view.emitted("change")).toEqual([[""]]);
  });

  it("is an edit of the plan", async () => {
    const { view, api } = board(plan());
    Object.assign(api, { music: async () => [piece("old")] });
    await flushPromises();
    const details = view.findAll("details").find((each) => each.text().startsWith("Music under the voice"))!;
    (details.element as HTMLDetailsElement).open = true;
    await details.trigger("toggle");
    await flushPromises();
    await details.get("select").setValue("old");
    await flushPromises();
    expect(api.editPlan.mock.lastCall![1]).toEqual([{ op: "music", music: "old" }]);
  });

  it("is asked for by its routes, and what cannot be used is not offered", async () => {
    const pieces = [piece("a"), piece("b", { status: "refused" })];
    const http = vi.fn(async () => answer({ pieces, music: piece("a") }));
    const api = makeReelwright(http as never);
    expect((await api.music()).map((each) => each.musicId)).toEqual(["a"]);
    await api.createMusic(file("bed.mp3"), "key");
    await api.showMusic("a");
    await api.removeMusic("a");
    expect(http.mock.calls).toEqual([
      ["/music?limit=100", {}],
      ["/music", {
        method: "POST", idempotencyKey: "key",
        body: { filename: "bed.mp3", contentType: "audio/mpeg", fileSize: 5 },
      }],
      ["/music/a", {}], ["/music/a", { method: "DELETE" }],
    ]);
  });
});
