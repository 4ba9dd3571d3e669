import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import { useAnnouncer } from "@/composables/useAnnouncer";
import { restOf } from "@/composables/useVideo";
import VideoView from "@/views/VideoView.vue";
import { answer, generation, services, show, video } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

const link = (name: string, milliseconds = 3_600_000) => (
  { url: `https://b/${name}?sig=a`, expiresAt: new Date(Date.now() + milliseconds).toISOString() }
);
const film = (milliseconds?: number) => ({
  goal: "draft", revision: 1, seconds: 15, links: { video: link("v.mp4", milliseconds), poster: link("p.jpg") },
});
const waiting = (more = {}) => generation({ goal: "draft", revision: 2, preview: film() as never, ...more });

describe("a video that waits for a review", () => {
  it("says so, plays its preview, and announces that there is something to look at", async () => {
    const states = ["processing", "awaiting_review"] as const;
    let asked = 0;
    const showVideo = async () => {
      const status = states[Math.min(asked++, 1)]!;
      const data = waiting();
      return answer(video("v1", { title: "Talk", ai_generation_status: status, ai_generation_data: data }), status);
    };
    const api = { show: showVideo, versions: async () => answer([]) } as unknown as Reelwright;
    const view = show(VideoView, { videoId: "v1" }, services({ api }));
    await flushPromises();
    document.dispatchEvent(new Event("visibilitychange"));
    await flushPromises();
    expect(useAnnouncer().words.value).toContain("“Talk” is ready to review.");
    expect(view.get("section.review h2").text()).toBe("The draft is ready to review");
    expect(view.get("video.film").attributes("src")).toContain("/v.mp4");
    expect(view.get(".review").text()).toContain("made before your latest changes");
    expect(view.text()).not.toContain("The video wasn't finished");
    view.unmount();
  });

  it("is asked for again before its preview's links run out, and rests until then", () => {
    const now = Date.now();
    const resting = (milliseconds: number) => video("v1", {
      ai_generation_status: "awaiting_review",
      ai_generation_data: waiting({ preview: film(milliseconds) }),
    });
    expect(restOf(resting(3_600_000), now)).toBe(30_000);
    expect(restOf(resting(0), now)).toBe(1_000);
  });
});
