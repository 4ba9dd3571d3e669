import { reactive } from "vue";
import { afterEach, describe, expect, it } from "vitest";

import EstimateCard from "@/components/EstimateCard.vue";
import { show } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

const goals = Object.entries({ plan: 0.03, draft: 0.03, stills: 0.31, video: 3.6 }).map(([goal, usd]) => (
  { goal, usd, mostUsd: 2 * usd }
));
const price = (total: number, withinBudget = true) => reactive({
  value: {
    goals, cost: { total, transcription: 0.01, scenePlanning: 0.02 }, generationSeconds: 200, withinBudget },
  pending: false, problem: "",
});
const card = { limit: undefined, starting: false, problem: "" };

describe("the estimate", () => {
  it("says the price, on the button too, and asks only when the button itself is pressed", async () => {
    const view = show(EstimateCard, { ...card, estimate: price(3.6), preview: false });
    expect(view.text()).toContain("Ready in about 3 min 20 s. You're charged only after you start.");
    expect(view.text()).toContain("At most $7.20, if the plan cuts many short scenes;");
    const button = view.get("button");
    expect(button.text()).toBe("Make the video ($3.60)");
    // A submit button would be pressed by Enter in any field.
    expect(button.attributes("type")).toBe("button");
    await button.trigger("click");
    expect(view.emitted("start")).toEqual([["video"]]);
  });

  it("offers a look first, for what the plan costs, even where the video is over the limit", async () => {
    const props = { ...card, limit: 1, estimate: price(3, false), preview: false };
    const view = show(EstimateCard, props);
    const looks = view.findAll("button").slice(1);
    expect(looks.map((button) => button.text())).toEqual([
      "Plan first ($0.03)", "Draft first ($0.03)", "Stills first ($0.31)",
    ]);
    for (const button of looks) await button.trigger("click");
    expect(view.emitted("start")).toEqual([["plan"], ["draft"], ["stills"]]);
    const narrow = show(EstimateCard, { ...props, limit: 0.2 });
    const isOff = narrow.findAll("button").map((button) => button.attributes("disabled") === "");
    expect(isOff).toEqual([true, false, false, true]);
    expect(show(EstimateCard, { ...props, preview: true }).findAll("button")[1]!.text()).toBe("Plan first");
    const poor = show(EstimateCard, { ...props, limit: 0.02 });
    expect(poor.findAll("button").map((button) => button.attributes("disabled"))).toEqual(["", "", "", ""]);
  });

  it("shows no price where nothing is charged, and what it would be", () => {
    const view = show(EstimateCard, { ...card, estimate: price(1.6), preview: true });
    expect(view.get(".price").text()).toBe("Free preview");
    expect(view.text()).not.toContain("At most");
    expect(view.get(".note").text()).toBe("Live, it would cost about $1.60 and take about 3 min 20 s.");
    expect(view.get("button").text()).toBe("Make the video");
  });

  it("does not start what is over the limit", () => {
    const view = show(EstimateCard, { ...card, limit: 1, estimate: price(3, false), preview: false });
    expect(view.get("[role=alert]").text()).toContain("over your spending limit of $1.00");
    expect(view.get("button").attributes("disabled")).toBeDefined();
  });
});
