import { flushPromises, type VueWrapper } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problems";
import { beginnings, bordersOf, movedExcerpt, nearest, stepped } from "@/lib/cuts";
import { between, RATE } from "@/lib/waveform";
import { board, button, plan, scene } from "./planned";
import { video } from "./stage";

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

/** Two scenes of 8 s in the excerpt 10–26 s of the recording, which may be cut each half second of 0–80. */
const finely = (more = {}) => plan({
  cuts: Array.from({ length: 161 }, (_, half) => (
    { time: half / 2, clean: half % 2 === 0, endsSentence: half % 8 === 0, text: `w${half} x${half}` }
  )),
  ...more,
});

describe("where a cut may lie", () => {
  const range = ({ places }: { places: number[] }) => [places[0], places.at(-1)];

  it("is inside its two scenes, which stay long enough, and no longer than their models' clips", () => {
    const [start, cut, end] = bordersOf(finely()) as [never, never, never];
    expect(range(cut)).toEqual([14, 22]);
    expect(range(start)).toEqual([0, 17.5]);
    expect(range(end)).toEqual([18.5, 70]);
    const short = finely({ scenes: [scene("a", 1, { longestSeconds: 9 }), scene("b", 2, { longestSeconds: 8 })] });
    expect(range(bordersOf(short)[1]!)).toEqual([18, 19]);
  });

  it("is said to the service in its own terms", () => {
    const [start, cut, end] = bordersOf(finely());
    expect([start!.move(11), cut!.move(16.5), end!.move(30)]).toEqual([
      { op: "excerpt", start: 11, end: 26 }, { op: "move", scene: "a", end: 6.5 },
      { op: "excerpt", start: 10, end: 30 },
    ]);
  });

  it("is the nearest place to a pointer, and one place on for a key", () => {
    const cut = bordersOf(finely())[1]!;
    expect([nearest(cut, 16.3), nearest(cut, 2), nearest(cut, 99)]).toEqual([16.5, 14, 22]);
    const steps = ["ArrowLeft", "ArrowRight", "Home", "End", "a"].map((key) => stepped(cut, 18, key));
    expect(steps).toEqual([17.5, 18.5, 14, 22, undefined]);
    expect(stepped(cut, 22, "ArrowRight")).toBe(22);
    expect(nearest({ ...cut, places: [] }, 3)).toBe(18);
  });

  it("begins another part of the recording at a sentence, which is as long where there is room", () => {
    const places = beginnings(finely()).map(({ time }) => time);
    expect([places[0], places[1], places.includes(10), places.at(-1)]).toEqual([0, 4, true, 76]);
    expect(movedExcerpt(finely(), 40)).toEqual({ op: "excerpt", start: 40, end: 56 });
    expect(movedExcerpt(finely(), 76)).toEqual({ op: "excerpt", start: 76, end: 80 });
  });

  it("is drawn over the sound of its part, silence beyond the recording's ends", () => {
    const samples = new Float32Array(2 * RATE).fill(0.5);
    const part = between(samples, -1, 3);
    expect([part.length, part[0], part[RATE], part[3 * RATE]]).toEqual([4 * RATE, 0, 0.5, 0]);
  });
});

describe("the handles", () => {
  const sliders = (view: VueWrapper) => view.findAll("[role=slider]");
  const edits = (api: ReturnType<typeof board>["api"]) => api.editPlan.mock.calls.map(([, [edit]]) => edit);

  it("step from place to place by key, and are saved once the keys rest", async () => {
    const { view, api } = board(finely());
    await flushPromises();
    vi.useFakeTimers();
    const cut = sliders(view)[1]!;
    expect(cut.attributes("aria-label")).toBe("Cut between scenes 1 and 2");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"]) await cut.trigger("keydown", { key });
    expect(cut.attributes("aria-valuenow")).toBe("19");
    expect(cut.attributes("aria-valuetext")).toBe("0:09, between “x36 w37 x37” and “w38 x38 w39”");
    expect(api.editPlan).not.toHaveBeenCalled();
    await cut.trigger("keydown", { key: "ArrowLeft" });
    expect(cut.attributes("aria-valuetext")).toMatch(/^0:08, .* \(no pause\)$/);
    await cut.trigger("keydown", { key: "ArrowRight" });
    await vi.runAllTimersAsync();
    expect(edits(api)).toEqual([{ op: "move", scene: "a", end: 9 }]);
  });

  it("are saved when left, go back by Escape, and stay where the plan has them when they are refused", async () => {
    const { view, api } = board(finely());
    await flushPromises();
    const [start, cut] = sliders(view);
    await cut!.trigger("keydown", { key: "End" });
    await cut!.trigger("keydown", { key: "Escape" });
    await cut!.trigger("blur");
    expect(api.editPlan).not.toHaveBeenCalled();
    api.editPlan.mockRejectedValueOnce(new ApiProblem(422, { message: "Scene a would be too long." }));
    await start!.trigger("keydown", { key: "ArrowLeft" });
    await start!.trigger("blur");
    await flushPromises();
    expect(edits(api)).toEqual([{ op: "excerpt", start: 9.5, end: 26 }]);
    expect(start!.attributes("aria-valuenow")).toBe("10");
    expect(view.get("[role=alert]").text()).toContain("too long");
  });

  it("are dragged to the nearest place, and saved when let go; a drag that is taken away saves nothing", async () => {
    const { view, api } = board(finely());
    await flushPromises();
    // Shown are 8 to 28 s of the recording: 50 pixels a second.
    vi.spyOn(view.get(".lane").element, "getBoundingClientRect").mockReturnValue({ left: 100, width: 1000 } as DOMRect);
    const cut = sliders(view)[1]!;
    Object.assign(cut.element, { setPointerCapture: vi.fn() });
    const pull = async (clientX: number, end: string) => {
      await cut.trigger("pointerdown", { button: 0, pointerId: 1 });
      await cut.trigger("pointermove", { clientX, pointerId: 1 });
      await cut.trigger(end, { pointerId: 1 });
      await flushPromises();
    };
    await pull(530, "pointercancel");
    expect(api.editPlan).not.toHaveBeenCalled();
    await pull(530, "pointerup");
    expect(edits(api)).toEqual([{ op: "move", scene: "a", end: 6.5 }]);
  });

  it("give way to another part of the recording", async () => {
    const { view, api } = board(finely());
    await flushPromises();
    expect(button(view, "Use it").attributes("disabled")).toBeDefined();
    await view.findAll("select").find((field) => field.text().includes("0:40"))!.setValue("40");
    await button(view, "Use it").trigger("click");
    await flushPromises();
    expect(edits(api)).toEqual([{ op: "excerpt", start: 40, end: 56 }]);
  });

  it("are asked for where they are far away, so that any part of an hour can be used", async () => {
    const cut = (time: number) => ({ time, clean: true, endsSentence: time % 10 === 0, text: `after ${time}` });
    const far = plan({ cuts: Array.from({ length: 137 }, (_, place) => cut(1740 + place)) });
    const { view, api } = board(finely(), { video: video("v1", { title: "Talk", duration: 3600 }) });
    api.planAround.mockResolvedValue(far);
    await flushPromises();
    const slider = view.get<HTMLInputElement>("input[type=range]");
    expect([slider.attributes("max"), slider.attributes("aria-valuetext")]).toEqual(["3600", "0:10"]);
    await slider.setValue("1800");
    await slider.trigger("change");
    await flushPromises();
    expect(api.planAround).toHaveBeenLastCalledWith("v1", 1800);
    const places = view.findAll("select").find((field) => field.text().includes("30:00"))!;
    // A video of 16 s begins where there is room for it in what is shown: to 31:16.
    expect(places.findAll("option").at(-1)!.text()).toContain("31:00");
    await places.setValue("1800");
    await button(view, "Use it").trigger("click");
    await flushPromises();
    expect(edits(api)).toEqual([{ op: "excerpt", start: 1800, end: 1816 }]);
  });

  it("offer no look elsewhere where all of the recording is there", async () => {
    const { view } = board(finely(), { video: video("v1", { title: "Talk", duration: 80 }) });
    await flushPromises();
    expect(view.find("input[type=range]").exists()).toBe(false);
  });
});
