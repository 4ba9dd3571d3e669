import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import ConfigureView from "@/views/ConfigureView.vue";
import { answer, services, show, video } from "./stage";

afterEach(() => { document.body.replaceChildren(); });
beforeEach(() => { sessionStorage.clear(); });

describe("the video models", () => {
  it("are offered each model with its price, and the video starts by the one that is chosen", async () => {
    const start = vi.fn().mockResolvedValue(undefined);
    const alternatives = [
      { model: "gemini-omni-1.2-flash", billedSeconds: 30, usd: 2.11 },
      { model: "veo-3.1-fast-generate-001", billedSeconds: 30, usd: 3.01 },
      { model: "veo-9", billedSeconds: 32, usd: 9 },
    ];
    const priced = {
      cost: { total: 3 }, generationSeconds: 60, withinBudget: true, goals: [], model: "veo-3.1-fast-generate-001",
      alternatives,
    };
    const shown = async () => answer(video("v1", { duration: 0 }));
    const given = { show: shown, start, estimate: async () => priced } as unknown as Reelwright;
    const view = show(ConfigureView, { videoId: "v1" }, services({ api: given }));
    await flushPromises();
    await vi.waitFor(() => { expect(view.text()).toContain("Gemini Omni 1.2 Flash$2.11"); });
    expect(view.text()).toContain("veo-9$9.00");
    const radio = (model: string) => view.get<HTMLInputElement>(`input[type=radio][value="${model}"]`);
    expect(radio("veo-3.1-fast-generate-001").element.checked).toBe(true);
    await radio("gemini-omni-1.2-flash").setValue();
    await radio("1080p").setValue();
    await view.get("aside button").trigger("click");
    expect(start.mock.calls[0]![1]).toMatchObject({ model: "gemini-omni-1.2-flash", resolution: "1080p" });
  });
});
