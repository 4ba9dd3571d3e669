import { flushPromises, type VueWrapper } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problems";
import { makeReelwright, type Reelwright } from "@/api/reelwright";
import type { OwnFile } from "@/api/shelves";
import CaptionFields from "@/components/CaptionFields.vue";
import MusicField from "@/components/MusicField.vue";
import { PLAIN_STYLE } from "@/lib/choices";
import { board, plan } from "./planned";
import { answer, services, show } from "./stage";

afterEach(() => { document.body.replaceChildren(); vi.useRealTimers(); });

const piece = (id: string, more: Partial<OwnFile> = {}): OwnFile => ({
  id, status: "ready", filename: `${id}.mp3`, seconds: 90, reason: "", ...more,
});
const form = { url: "https://bucket", fields: {}, expiresAt: "" };
const file = (name: string, content = "sound") => new File([content], name);

function shelf(looks: OwnFile[], old: OwnFile) {
  return {
    list: vi.fn(async () => [old]),
    create: vi.fn(async () => ({ id: looks[0]!.id, upload: form })),
    show: vi.fn(async () => looks.shift()!),
    remove: vi.fn(async () => undefined),
  };
}

function field(looks: OwnFile[], props: Record<string, unknown> = {}) {
  const ownMusic = shelf(looks, piece("old"));
  const send = vi.fn(async () => undefined);
  const given = services({ api: { ownMusic } as unknown as Reelwright, send });
  return { ownMusic, send, view: show(MusicField, { music: "", ...props }, given) };
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
    const { view, ownMusic, send } = field([piece("new", { status: "checking" }), piece("new")]);
    await pick(view, file("bed.mp3"));
    expect(send).toHaveBeenCalledOnce();
    expect(view.text()).toContain("Checking the music…");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ownMusic.show).toHaveBeenCalledTimes(2);
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
    const { view, ownMusic } = field([], { music: "old" });
    await flushPromises();
    ownMusic.remove.mockRejectedValueOnce(new ApiProblem(503, { message: "Later." }));
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
    Object.assign(api, { ownMusic: shelf([], piece("old")) });
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
    const pieces = [{ musicId: "a", status: "ready" }, { musicId: "b", status: "refused" }];
    const http = vi.fn(async () => answer({ pieces, music: pieces[0], upload: form }));
    const { ownMusic } = makeReelwright(http as never);
    expect((await ownMusic.list()).map((each) => each.id)).toEqual(["a"]);
    expect(await ownMusic.create(file("bed.mp3"), "key")).toEqual({ id: "a", upload: form });
    expect((await ownMusic.show("a")).id).toBe("a");
    await ownMusic.remove("a");
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

describe("the font of the captions", () => {
  const fonts = (font: string, looks: OwnFile[] = []) => {
    const ownFonts = shelf(looks, piece("0a", { filename: "acme.ttf", family: "Acme Blocks" }));
    const given = services({ api: { ownFonts } as unknown as Reelwright, send: vi.fn(async () => undefined) });
    const varied = { ...PLAIN_STYLE, font };
    return { ownFonts, view: show(CaptionFields, { look: "words", varied }, given) };
  };

  it("is one that everybody has, or one's own, which is chosen by its name", async () => {
    const { view } = fonts("serif");
    await flushPromises();
    expect((view.get("input[value=serif]").element as HTMLInputElement).checked).toBe(true);
    expect(view.findAll("option").map((each) => each.text())).toEqual(["One of the fonts above", "Acme Blocks"]);
    await view.get("select").setValue("0a");
    expect(view.emitted("change")).toEqual([[{ font: "0a" }]]);
  });

  it("is uploaded and chosen, and that of the look again once it is deleted", async () => {
    const { view } = fonts("look", [piece("0b", { filename: "b.otf" })]);
    await pick(view, file("B.OTF"));
    expect(view.emitted("change")).toEqual([[{ font: "0b" }]]);
    await view.setProps({ varied: { ...PLAIN_STYLE, font: "0b" } });
    expect(view.findAll("input[type=radio]").some((each) => (
      (each.element as HTMLInputElement).checked && each.attributes("value") === "look"
    ))).toBe(false);
    await view.findAll("button").find((each) => each.text() === "Delete this font")!.trigger("click");
    await flushPromises();
    expect(view.emitted("change")!.at(-1)).toEqual([{ font: "look" }]);
  });

  it("is nothing else than a TTF or OTF file", async () => {
    const { view, ownFonts } = fonts("look");
    await pick(view, file("acme.woff2"));
    expect(view.get("[role=alert]").text()).toContain("Choose a TTF or OTF file");
    expect(ownFonts.create).not.toHaveBeenCalled();
  });

  it("is not asked for while nobody sees the captions of a plan", async () => {
    const { view, api } = board(plan());
    const ownFonts = shelf([], piece("0a", { family: "Acme Blocks" }));
    Object.assign(api, { ownFonts });
    await flushPromises();
    expect(ownFonts.list).not.toHaveBeenCalled();
    const details = view.findAll("details").find((each) => each.text().startsWith("Caption font"))!;
    (details.element as HTMLDetailsElement).open = true;
    await details.trigger("toggle");
    await flushPromises();
    await details.get(".field select").setValue("0a");
    await flushPromises();
    expect(api.editPlan.mock.lastCall![1]).toEqual([{ op: "captions", font: "0a" }]);
  });
});
