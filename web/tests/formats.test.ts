import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problems";
import type { Reelwright } from "@/api/reelwright";
import type { Shape, Video } from "@/api/types";
import FormatShelf from "@/components/FormatShelf.vue";
import { PAUSE_MS } from "@/composables/usePrice";
import { button } from "./planned";
import { answer, generation, services, show, video } from "./stage";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

const LINK = { url: "https://b/film.mp4?sig=a", expiresAt: "" };

function film(id: string, shape: Shape | undefined, more: Partial<Video> = {}): Video {
  const options = { aspect_ratio: "9:16", ...(shape ? { shape } : {}) };
  const data = generation({ options, links: { video: LINK, poster: { ...LINK, url: `https://b/${id}.jpg` } } });
  return video(id, { ai_generation_status: "completed", ai_generation_data: data, ...more });
}

async function shelf(shown: Video, variants: Video[], more: object = {}) {
  const api = {
    variants: vi.fn(async () => answer(variants)),
    show: vi.fn(async () => answer(film("v1", undefined))),
    makeVariant: vi.fn().mockResolvedValue(undefined),
    priceVariant: vi.fn(async () => ({ buys: [], usd: 0.02 })),
    presets: vi.fn(async () => [{ name: "acme", choices: { captionLanguage: "de" } }]),
    ...more,
  };
  const view = show(FormatShelf, { video: shown }, services({ api: api as unknown as Reelwright }));
  await flushPromises();
  const names = () => view.findAll(".tile .name").map((each) => each.text());
  return { api, view, names };
}

describe("the formats of a video", () => {
  it("stand side by side, upright before lying, and those that lack are made for nothing", async () => {
    const { view, api, names } = await shelf(film("v1", undefined), [film("v2", "1:1")]);
    expect(names()).toEqual(["Vertical (9:16)", "Square (1:1)"]);
    expect(view.get("[aria-current]").text()).toContain("This one");
    expect(view.findAll("a.name").map((each) => each.attributes("href"))).toEqual(["/videos/v2"]);
    expect(view.findAll("img").map((each) => each.attributes("src"))).toEqual(["https://b/v1.jpg", "https://b/v2.jpg"]);
    expect(view.findAll(".row button").map((each) => each.text())).toEqual([
      "Make it Portrait (4:5) ($0.00)", "Make it Landscape (16:9) ($0.00)",
    ]);
    await button(view, /4:5/).trigger("click");
    await flushPromises();
    expect(api.makeVariant).toHaveBeenCalledWith("v1", { aspectRatio: "4:5" }, expect.any(String));
    expect(api.variants).toHaveBeenCalledTimes(2);
  });

  it("are shown from one of them, too, whose origin they are made of while it is there", async () => {
    const square = film("v2", "1:1", { variant_of: "v1" });
    const { view, api, names } = await shelf(square, [square]);
    expect(names()).toEqual(["Vertical (9:16)", "Square (1:1)"]);
    expect(view.findAll("a.name").map((each) => each.attributes("href"))).toEqual(["/videos/v1"]);
    await button(view, /4:5/).trigger("click");
    expect(api.makeVariant).toHaveBeenCalledWith("v1", { aspectRatio: "4:5" }, expect.any(String));
    const show = vi.fn().mockRejectedValue(new ApiProblem(404, { message: "Gone.", error: "VideoNotFound" }));
    const orphan = await shelf(square, [], { show });
    expect(orphan.names()).toEqual(["Square (1:1)"]);
    await button(orphan.view, /4:5/).trigger("click");
    expect(orphan.api.makeVariant).toHaveBeenCalledWith("v2", { aspectRatio: "4:5" }, expect.any(String));
  });

  it("are made with captions in another language for what the translation costs, or by a preset", async () => {
    const { view, api, names } = await shelf(film("v1", undefined), [film("v2", "1:1", { variant_of: "v1" })]);
    expect(api.presets).not.toHaveBeenCalled();
    await view.get("details").trigger("toggle");
    await flushPromises();
    const [language, preset] = view.findAll("details select");
    await language!.setValue("es");
    // Nothing is started before its price is known; in another language every shape is another one.
    expect(view.findAll(".row button").every((each) => each.attributes("disabled") === "")).toBe(true);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    await flushPromises();
    const buttons = () => view.findAll("section > .row button").map((each) => each.text());
    expect(buttons()).toEqual([
      "Make it Vertical (9:16) ($0.02)", "Make it Portrait (4:5) ($0.02)", "Make it Square (1:1) ($0.02)",
      "Make it Landscape (16:9) ($0.02)",
    ]);
    expect(view.text()).toContain("Only the translation of its captions is bought.");
    await button(view, /Make it Square/).trigger("click");
    const spanish = { aspectRatio: "1:1", captionLanguage: "es" };
    expect(api.makeVariant).toHaveBeenCalledWith("v1", spanish, expect.any(String));
    await preset!.setValue("acme");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    await flushPromises();
    expect((language!.element as HTMLSelectElement).value).toBe("de");
    await button(view, /Make it Square/).trigger("click");
    const wishes = { aspectRatio: "1:1", captionLanguage: "de", preset: "acme" };
    expect(api.makeVariant).toHaveBeenLastCalledWith("v1", wishes, expect.any(String));
    expect(api.priceVariant).toHaveBeenLastCalledWith("v1", wishes, expect.anything());
    expect(names()).toHaveLength(2);
  });

  it("say in what they differ, and that there is no price", async () => {
    const data = film("v2", "1:1").ai_generation_data!;
    const options = { ...data.options, caption_language: "es", preset: "acme" };
    const spanish = film("v2", "1:1", { variant_of: "v1", ai_generation_data: { ...data, options } });
    const refuse = vi.fn().mockRejectedValue(new ApiProblem(400, { message: "No.", error: "InvalidRequest" }));
    const { view } = await shelf(film("v1", undefined), [spanish], { priceVariant: refuse });
    expect(view.findAll(".tile").map((each) => each.text())[1]).toContain("Spanish · acme");
    // The same shape without either is another one.
    expect(view.findAll(".row button").map((each) => each.text())).toContain("Make it Square (1:1) ($0.00)");
    await view.get("details").trigger("toggle");
    await view.get("details select").setValue("fr");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    await flushPromises();
    expect(view.get(".wrong").text()).toBe("Couldn't get a price: No.");
    expect(button(view, /Make it Square/).attributes("disabled")).toBe("");
  });

  it("are followed while they are made, and a refusal is told", async () => {
    const making = film("v2", "4:5", { ai_generation_status: "processing" });
    const refuse = vi.fn().mockRejectedValue(new ApiProblem(409, { message: "Wait.", error: "AlreadyProcessing" }));
    const { view, api } = await shelf(film("v1", undefined), [making], { makeVariant: refuse });
    expect(view.get(".chip.busy").text()).toBe("In progress · 0%");
    expect(view.findAll(".tile button")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(api.variants).toHaveBeenCalledTimes(2);
    await button(view, /1:1/).trigger("click");
    await flushPromises();
    expect(view.get("[role=alert]").text()).toContain("Wait.");
    const keys = () => refuse.mock.calls.map(([, , key]) => key as string);
    await button(view, /1:1/).trigger("click");
    expect(new Set(keys()).size).toBe(1);
  });
});
