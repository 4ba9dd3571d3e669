import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import CaptionPreview from "@/components/story/CaptionPreview.vue";
import { useRecording, type Recording } from "@/composables/useRecording";
import { raisedLimit } from "@/lib/purchases";
import { board, button, plan, scene, take, type } from "./planned";
import { generation, show } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

const models = [{ model: "omni", seconds: 8, usd: 0.56 }, { model: "veo", seconds: 8, usd: 0.8 }];
const offered = (more = {}) => plan({ scenes: [scene("a", 1, { models }), scene("b", 2, { models })], ...more });

describe("the whole video", () => {
  it("is called, looks, and is made as it is said here, each an edit of its own", async () => {
    const { view, api } = board(offered());
    await flushPromises();
    for (const [label, text] of [["Title", "Harbour"], ["Place", "A quay"], ["Palette", "Grey"]] as const) {
      await type(view, text, label);
    }
    await view.get("input[value=omni]").setValue();
    await flushPromises();
    expect(api.editPlan.mock.calls.map(([, [edit]]) => edit)).toEqual([
      { op: "title", title: "Harbour" }, { op: "look", place: "A quay" }, { op: "look", palette: "Grey" },
      { op: "model", model: "omni" },
    ]);
    expect(view.text()).toContain("omni$1.12");
  });

  it("has captions that are varied part by part, each an edit of its own", async () => {
    const style = {
      position: "bottom", platform: "none", size: "medium", highlight: "", profanity: "shown", label: "", hook: false,
    } as const;
    const { view, api } = board(offered({ captionStyle: { ...style, color: "#FF0000" } }));
    await flushPromises();
    for (const value of ["top", "tiktok", "large"]) await view.get(`input[value=${value}]`).setValue();
    await view.findAll("input[type=color]")[1]!.setValue("#00ff7f");
    await view.findAll("input[type=color]")[1]!.trigger("change");
    await button(view, "Reset: Text colour").trigger("click");
    await view.get("input[type=checkbox]").trigger("change");
    await view.get("input[maxlength='30']").setValue(" AI-generated ");
    await view.get("input[maxlength='30']").trigger("change");
    await flushPromises();
    const parts = [
      { position: "top" }, { platform: "tiktok" }, { size: "large" }, { highlight: "#00FF7F" }, { color: "" },
      { profanity: "masked" }, { label: "AI-generated" },
    ];
    const edits = api.editPlan.mock.calls.map(([, [edit]]) => edit);
    for (const part of parts) expect(edits).toContainEqual({ op: "captions", ...part });
  });

  it("has voices that were told apart, each with its colour, what it says, and a name", async () => {
    const words = [["Hello", "spk_0"], ["there", "spk_0"], ["Well", "spk_1"]].map(([text, speaker], start) => (
      { text: text!, start, end: start + 0.5, speaker: speaker! }
    ));
    const speakers = [{ label: "spk_0", name: "", color: "#FFE14D" }, { label: "spk_1", name: "Bo", color: "#5CC8FF" }];
    const { view, api } = board(offered({ words, speakers }));
    await flushPromises();
    expect(view.text()).toContain("“Hello there…”");
    expect(view.findAll(".voice .color").map((each) => each.attributes("style"))).toHaveLength(2);
    await type(view, "Anna", "Voice 1");
    await type(view, "", "Voice 2");
    expect(api.editPlan.mock.calls.map(([, [edit]]) => edit)).toEqual([
      { op: "speakers", speakers: { spk_0: "Anna" } }, { op: "speakers", speakers: { spk_1: "" } },
    ]);
  });

  it("offers a model for all scenes only where it makes each of them", async () => {
    const { view } = board(offered({ scenes: [scene("a", 1, { models }), scene("b", 2)] }));
    await flushPromises();
    expect(view.find("input[value=omni]").exists()).toBe(false);
  });
});

describe("a scene", () => {
  it("whose take is too short says for how long its last frame is held", async () => {
    const { view } = board(plan({ scenes: [scene("a", 1, { heldSeconds: 1.25 }), scene("b", 2)] }));
    await flushPromises();
    expect(view.findAll(".held").map((note) => note.text())).toEqual([
      "This take is 1.3 s shorter than the scene: its last frame is held until the scene ends.",
    ]);
  });

  it("has a model of its own, and the video's again", async () => {
    const { view, api } = board(offered({ model: "omni" }));
    await flushPromises();
    const field = view.findAll("select").find((each) => each.text().includes("omni"))!;
    expect(field.findAll("option").map((each) => each.text())).toEqual([
      "omni, as the whole video: $0.56 (8 s)", "veo: $0.80 (8 s)",
    ]);
    await field.setValue("omni");
    await field.setValue("veo");
    await flushPromises();
    expect(api.editPlan.mock.calls.map(([, [edit]]) => edit)).toEqual([
      { op: "scene", scene: "a", model: "" }, { op: "scene", scene: "a", model: "veo" },
    ]);
  });

  it("lets its picture change places with its neighbour's", async () => {
    const { view, api } = board(plan({ scenes: [scene("a", 1), scene("b", 2), scene("c", 3)] }));
    await flushPromises();
    const moves = view.findAll("article.scene").map((each) => (
      each.findAll("button").map((one) => one.text()).filter((words) => words.startsWith("Move picture"))
    ));
    expect(moves).toEqual([
      ["Move picture later"], ["Move picture earlier", "Move picture later"], ["Move picture earlier"],
    ]);
    await button(view, "Move picture later").trigger("click");
    await flushPromises();
    expect(api.editPlan.mock.lastCall![1]).toEqual([{ op: "order", pictures: ["b", "a", "c"] }]);
  });

  it("gets another still for a still's price", async () => {
    const takes = [take("drawn", true, { kind: "still" })];
    const { view, api } = board(plan({ scenes: [scene("a", 1, { takes })], next: [] }));
    await flushPromises();
    await button(view, /^New still of scene 1: New still \(\$0.07\)/).trigger("click");
    expect(view.get("dialog").text()).toContain("This buys 1 still for $0.07.");
    await view.get("dialog button.main").trigger("click");
    await flushPromises();
    expect(api.retake.mock.calls[0]!.slice(0, 4)).toEqual(["v1", "a", { kind: "still" }, false]);
  });
});

describe("a spending limit", () => {
  const limited = generation({ options: { budget_usd: 4 } as never });

  it.each([
    [{ spent: 3, limit: 4 }, 1, undefined], [{ spent: 3, limit: 4 }, 1.6, 4.7],
    [{ spent: 3, limit: undefined }, 9, undefined], [{ spent: 5, limit: 4 }, 0, undefined],
    [{ spent: 3, limit: 4 }, 1.69, 4.7], [{ spent: 3, limit: 4 }, 1.7, 4.8],
  ])("of %o is raised for %d USD to %s", (spending, usd, raised) => {
    expect(raisedLimit(spending, usd)).toBe(raised);
  });

  it("is raised by the very press that needs it, which says so", async () => {
    const { view, api } = board(plan({ scenes: [scene("a", 1, { takes: [take("t", true)] }), scene("b", 2)] }), {
      generation: limited,
    });
    await flushPromises();
    expect(view.get(".ways").text()).toContain("Spent $3.00 of your limit of $4.00.");
    await button(view, "Draft").trigger("click");
    await flushPromises();
    await button(view, /^Raise the limit to \$4.70: Make the video \(\$1.60\)$/).trigger("click");
    await flushPromises();
    const runs = api.run.mock.calls.map(([, goal, , , , budget]) => [goal, budget]);
    expect(runs).toEqual([["draft", undefined], ["video", 4.7]]);
    await button(view, /^Retake scene 1/).trigger("click");
    await view.get("dialog button.main").trigger("click");
    await flushPromises();
    expect(api.retake.mock.calls[0]![2]).toEqual({ kind: "clip", budget: 4.7 });
  });
});

describe("the captions over the picture", () => {
  const shown = (more = {}) => plan({
    captionDocument: "one", scenes: [scene("a", 1, { takes: [take("clip", true)] }), scene("b", 2)], ...more,
  });

  const text = (document: string, ownFont = "") => ({ document, ownFont });

  it("are drawn at the time, and again when an edit has changed them", async () => {
    const captions = { draw: vi.fn().mockResolvedValue(undefined), close: vi.fn() };
    const open = vi.fn().mockResolvedValue(captions);
    const view = show(CaptionPreview, { plan: shown(), time: 2, playing: false, open });
    await flushPromises();
    expect(open.mock.calls[0]!.slice(1)).toEqual([text("one"), { width: 720, height: 1280 }]);
    expect(view.get("video").attributes("src")).toContain("/clip.mp4");
    await view.setProps({ plan: shown({ captionDocument: "two", captionFont: { url: "https://b/own.ttf", expiresAt: "" } }) });
    await view.setProps({ time: 9 });
    const two = text("two", "https://b/own.ttf");
    expect(captions.draw.mock.calls).toEqual([[text("one"), 2], [two, 2], [two, 9]]);
    expect(view.text()).toContain("Scene 2 has no picture yet");
    view.unmount();
    expect(captions.close).toHaveBeenCalledOnce();
  });

  it("are drawn on a picture of the video's own format", async () => {
    const open = vi.fn(async () => ({ draw: vi.fn(), close: vi.fn() }));
    const view = show(CaptionPreview, { plan: shown({ aspectRatio: "1:1" }), time: 2, playing: false, open });
    await flushPromises();
    expect(open.mock.lastCall).toEqual([expect.anything(), text("one"), { width: 720, height: 720 }]);
    expect(view.get(".frame").attributes("style")).toContain("720 / 720");
  });

  it("are missed in words where the browser cannot draw them, and where there are none", async () => {
    const open = vi.fn().mockRejectedValue(new Error("no WebAssembly"));
    const view = show(CaptionPreview, { plan: shown(), time: 0, playing: false, open });
    await flushPromises();
    expect(view.get("[role=alert]").text()).toContain("This browser can't draw the captions here.");
    const none = { draw: vi.fn(), close: vi.fn() };
    const off = show(CaptionPreview, {
      plan: shown({ captionDocument: "" }), time: 0, playing: false, open: async () => none,
    });
    await flushPromises();
    expect(off.text()).toContain("Captions are off");
  });
});

describe("the recording", () => {
  it("plays a word alone, from its place in the recording, and stays at it", async () => {
    const audio = Object.assign(document.createElement("audio"), { play: vi.fn(), pause: vi.fn() });
    Object.defineProperty(audio, "paused", { value: false });
    let frame: () => void = () => undefined;
    vi.spyOn(window, "requestAnimationFrame").mockImplementation((next) => { frame = () => { next(0); }; return 1; });
    let recording = undefined as never as Recording;
    const host = show({
      setup() {
        recording = useRecording(() => "https://b/r", () => 10, () => 16, audio);
        return () => null;
      },
    }, {});
    await recording.play(2, 2.5);
    expect([audio.currentTime, recording.isPlaying, audio.crossOrigin]).toEqual([12, true, "anonymous"]);
    audio.currentTime = 12.3;
    frame();
    expect(recording.time).toBeCloseTo(2.3);
    audio.currentTime = 12.6;
    frame();
    expect([recording.time, recording.isPlaying]).toEqual([2.25, false]);
    await recording.play(3);
    audio.currentTime = 26.1;
    frame();
    expect([recording.time, recording.isPlaying]).toEqual([16, false]);
    host.unmount();
    expect(audio.getAttribute("src")).toBeNull();
  });
});
