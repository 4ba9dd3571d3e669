import { flushPromises, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problems";
import { makeReelwright, type Reelwright } from "@/api/reelwright";
import type { Picture, PresetChoices } from "@/api/types";
import { useAnnouncer } from "@/composables/useAnnouncer";
import { DEFAULTS } from "@/composables/useDraft";
import { refilled } from "@/composables/usePresets";
import { PLAIN_STYLE } from "@/lib/choices";
import { choicesOfPreset, draftOf, summary } from "@/lib/presets";
import { leadOf } from "@/lib/versions";
import ConfigureView from "@/views/ConfigureView.vue";
import PresetsView from "@/views/PresetsView.vue";
import PresetView from "@/views/PresetView.vue";
import { answer, generation, services, show, video } from "./stage";

afterEach(() => { document.body.replaceChildren(); });
beforeEach(() => { sessionStorage.clear(); });

const ACME: PresetChoices = {
  style: "animated", targetDuration: 20, captions: "box", captionStyle: { ...PLAIN_STYLE, font: "loud" }, budget: 2.5,
  languageCode: "en-GB", logo: { imageId: "l", corner: "top-left" },
};
const logo = { imageId: "l", status: "ready", kind: "still", filename: "logo.png", preview: { url: "https://b/l" } };
const clip = { ...logo, imageId: "c", kind: "clip", filename: "clip.mp4" } as Picture;

function service(presets: Record<string, PresetChoices> = { acme: ACME, plain: { captions: "none" } }) {
  const api = {
    presets: vi.fn(async () => Object.entries(presets).map(([name, choices]) => ({ name, choices }))),
    putPreset: vi.fn(async (name: string, choices: PresetChoices) => ({ name, choices })),
    removePreset: vi.fn(async () => undefined),
    pictures: vi.fn(async () => answer({ success: true, images: [logo, clip], next: null })),
    picture: vi.fn(async () => answer(logo)),
    ownMusic: { list: vi.fn(async () => []) },
    ownFonts: { list: vi.fn(async () => []) },
    show: vi.fn(async () => answer(video("v1", { duration: 60 }))),
    estimate: vi.fn(async () => ({ cost: { total: 3 }, generationSeconds: 60, withinBudget: true, goals: [] })),
    start: vi.fn(async () => undefined),
  };
  return { api, given: services({ api: api as unknown as Reelwright }) };
}

async function see(view: VueWrapper): Promise<VueWrapper> {
  await flushPromises();
  return view;
}

const field = (view: VueWrapper, label: string) => {
  const id = view.findAll("label").find((each) => each.text().startsWith(label))!.attributes("for");
  return view.get(`[id="${id}"]`);
};
const press = (view: VueWrapper, text: string) => (
  view.findAll("button").find((each) => each.text() === text)!.trigger("click")
);

describe("a preset for a video", () => {
  it("is laid into the choices, and comes along by its name", async () => {
    const { api, given } = service();
    const view = await see(show(ConfigureView, { videoId: "v1" }, given));
    await field(view, "Preset").setValue("acme");
    await view.get("aside button").trigger("click");
    const chosen = { preset: "acme", style: "animated", captions: "box", budget: 2.5, languageCode: "en-GB" };
    expect((api.start.mock.calls as unknown[][])[0]![1]).toMatchObject({
      ...chosen, captionStyle: ACME.captionStyle, targetDuration: 20,
    });
    expect(view.findAll("legend").map((each) => each.text())).toContain("Length");
    expect(view.text()).toContain("20 s");
  });

  it("has nothing of the one before, and keeps what the person chose", () => {
    expect(refilled(ACME, { captions: "none" })).toEqual({
      style: DEFAULTS.style, targetDuration: 30, captions: "none", captionStyle: PLAIN_STYLE, budget: "",
      languageCode: "",
    });
    expect(refilled(undefined, { music: "m" })).toEqual({ music: "m" });
    expect(refilled(ACME, undefined)).toMatchObject({ captions: "words", budget: "" });
  });

  it("has no limit and no language where the person has taken them away", async () => {
    const { api, given } = service();
    const view = await see(show(ConfigureView, { videoId: "v1" }, given));
    await field(view, "Preset").setValue("acme");
    await view.get("input[inputmode=decimal]").setValue("");
    await field(view, "Language of the recording").setValue("");
    await view.get("aside button").trigger("click");
    expect((api.start.mock.calls as unknown[][])[0]![1]).toMatchObject({
      preset: "acme", budget: null, languageCode: null,
    });
  });

  it.each([["acme", "acme"], ["gone", ""]])("is that of the earlier version, if there is one: %s", async (was, now) => {
    const { api, given } = service();
    api.show.mockResolvedValue(answer(video("v1", { ai_generation_data: generation({ options: { preset: was } }) })));
    const view = await see(show(ConfigureView, { videoId: "v1" }, given));
    expect((field(view, "Preset").element as HTMLSelectElement).value).toBe(now);
  });
});

it("an intro moves where scenes are in the video", () => {
  expect(leadOf(generation({ options: { brand: { intro: { frames: 36 } } } }))).toBe(1.5);
  expect([leadOf(generation()), leadOf(undefined)]).toEqual([0, 0]);
});

describe("the presets", () => {
  it("are listed with what they say, and deleted after a question", async () => {
    const { api, given } = service({ acme: ACME, open: {} });
    const view = await see(show(PresetsView, {}, given));
    expect(view.findAll("li").map((each) => each.get("p").text())).toEqual([
      "Animated · 20 s · Captions: Box · Logo · at most $2.50", "Everything is left open.",
    ]);
    await view.get("[aria-label='Delete acme']").trigger("click");
    expect(api.removePreset).not.toHaveBeenCalled();
    await view.get("button.danger").trigger("click");
    await flushPromises();
    expect(api.removePreset).toHaveBeenCalledWith("acme");
    expect(view.findAll("li")).toHaveLength(1);
    expect(useAnnouncer().words.value).toContain("Deleted “acme”");
  });

  it("say what kept them from being listed, and are asked for again", async () => {
    const { api, given } = service();
    api.presets.mockRejectedValueOnce(new ApiProblem(503, { message: "Later." }));
    const view = await see(show(PresetsView, {}, given));
    expect(view.get("[role=alert]").text()).toContain("Later.");
    await view.get("[role=alert] button").trigger("click");
    await flushPromises();
    expect(view.findAll("li")).toHaveLength(2);
  });
});

describe("one preset", () => {
  it("is changed, and the rest stays", async () => {
    const { api, given } = service();
    const view = await see(show(PresetView, { presetName: "acme" }, given));
    expect(view.get("img.logo").classes()).toContain("top-left");
    await field(view, "Style").setValue("");
    await field(view, "Language of the captions").setValue("ja");
    await view.get("input[value='bottom-right']").setValue(true);
    await view.get("form").trigger("submit");
    await flushPromises();
    const rest = Object.fromEntries(Object.entries(ACME).filter(([name]) => name !== "style"));
    expect(api.putPreset).toHaveBeenCalledWith("acme", {
      ...rest, captionLanguage: "ja", logo: { imageId: "l", corner: "bottom-right" },
    });
    expect(useAnnouncer().words.value).toContain("Saved the preset acme");
  });

  it.each([
    ["", "Enter a name"], ["Acme GmbH", "Enter a name"], ["acme", "You already have a preset called acme."],
  ])("is not stored under the name %j", async (name, words) => {
    const { api, given } = service();
    const view = await see(show(PresetView, {}, given));
    await field(view, "Name").setValue(name);
    await view.get("form").trigger("submit");
    expect(view.text()).toContain(words);
    expect(api.putPreset).not.toHaveBeenCalled();
  });

  it("stays as it was typed when it cannot be stored", async () => {
    const { api, given } = service();
    api.putPreset.mockRejectedValueOnce(new ApiProblem(409, { message: "There are 50 presets." }));
    const view = await see(show(PresetView, {}, given));
    await field(view, "Name").setValue("new-one");
    await field(view, "Captions").setValue("karaoke");
    await view.get("form").trigger("submit");
    await flushPromises();
    expect(view.get("[role=alert]").text()).toContain("There are 50 presets.");
    await view.get("form").trigger("submit");
    expect(api.putPreset.mock.lastCall).toEqual(["new-one", { captions: "karaoke" }]);
  });

  it("has a picture that stands still as its logo, and none again", async () => {
    const { api, given } = service();
    const view = await see(show(PresetView, {}, given));
    await field(view, "Name").setValue("a");
    for (const [picture, problem] of [["clip.mp4", true], ["logo.png", false]] as const) {
      await view.findAll("button").find((each) => each.text() === "Choose from yours")!.trigger("click");
      await view.findAll(".choice").find((each) => each.text().includes(picture))!.trigger("click");
      expect(view.text().includes("A logo is a picture that stands still.")).toBe(problem);
    }
    await view.get("form").trigger("submit");
    expect(api.putPreset.mock.lastCall).toEqual(["a", { logo: { imageId: "l", corner: "top-right" } }]);
    await press(view, "Remove the logo");
    await view.get("form").trigger("submit");
    expect(api.putPreset).toHaveBeenCalledOnce();
  });

  it("has an intro and an outro, each for as long as is wished", async () => {
    const { api, given } = service({ acme: { intro: { imageId: "l" }, outro: { imageId: "c", seconds: 2.5 } } });
    const view = await see(show(PresetView, { presetName: "acme" }, given));
    expect((field(view, "Length of the outro").element as HTMLSelectElement).value).toBe("2.5");
    await field(view, "Length of the intro").setValue("4");
    await press(view, "Remove the outro");
    await view.get("form").trigger("submit");
    expect(api.putPreset.mock.lastCall).toEqual(["acme", { intro: { imageId: "l", seconds: 4 } }]);
    await view.findAll("button").filter((each) => each.text() === "Choose from yours")[2]!.trigger("click");
    await view.findAll(".choice").find((each) => each.text().includes("clip.mp4"))!.trigger("click");
    await flushPromises();
    await view.get("form").trigger("submit");
    expect(api.putPreset.mock.lastCall![1]).toMatchObject({ outro: { imageId: "c" } });
  });

  it("tells that it is not there", async () => {
    const view = await see(show(PresetView, { presetName: "none" }, service().given));
    expect(view.text()).toContain("There is no preset called none.");
    expect(view.find("form").exists()).toBe(false);
  });

  it("is the same after it was read and written", () => {
    expect(choicesOfPreset(draftOf({}), undefined)).toEqual({});
    const whole: PresetChoices = {
      ...ACME, captionStyle: { ...PLAIN_STYLE, color: "#FF0000" }, speakers: 2, music: "m", continuity: "chain",
      aspectRatio: "16:9", resolution: "1080p", model: "veo-3.1-generate-001",
      intro: { imageId: "i" }, outro: { imageId: "o", seconds: 2.5 },
    };
    expect(choicesOfPreset(draftOf(whole), 2.5)).toEqual(whole);
    expect(summary(whole)).toContain("Landscape (16:9) · Captions: Box · Logo · Intro · Outro");
  });

  it("is asked for by its routes", async () => {
    const http = vi.fn(async () => answer({ presets: [], preset: { name: "a b" } }));
    const api = makeReelwright(http as never);
    await api.presets();
    await api.putPreset("a b", {});
    await api.removePreset("a b");
    expect(http.mock.calls).toEqual([
      ["/presets", {}], ["/presets/a%20b", { method: "PUT", body: {} }], ["/presets/a%20b", { method: "DELETE" }],
    ]);
  });
});
