import { nextTick, ref } from "vue";
import { describe, expect, it, vi } from "vitest";

import { loadConfig } from "@/config";
import { amount, bytes, clock, day, money, secondsBetween, span } from "@/lib/format";
import { KEEP_MS, useSteadyLink } from "@/lib/links";
import { once } from "@/lib/once";
import { barsPath, peaks } from "@/lib/waveform";

describe("format", () => {
  it("writes money, times and sizes as people read them", () => {
    expect([money(0), money(0.004), money(3), money(1234.5)]).toEqual(["$0.00", "under $0.01", "$3.00", "$1,234.50"]);
    expect([clock(7.9), clock(61), clock(3723), clock(-1)]).toEqual(["0:07", "1:01", "1:02:03", "0:00"]);
    expect([span(40.2), span(60), span(200)]).toEqual(["40 s", "1 min", "3 min 20 s"]);
    expect([bytes(10), bytes(2_500_000), bytes(1.5e9)]).toEqual(["1 kB", "2.5 MB", "1.5 GB"]);
    expect(day("nonsense")).toBe("");
  });

  // The digits are those of the page's own words: "15 s" and "44%" stand beside them.
  it.each([["de-DE", "1.234,50\u00a0$", "2,5 MB"], ["ar-EG", "1,234.50", "2.5 MB"], ["en-US", "$1,234.50", "2.5 MB"]])(
    "writes numbers as the browser's locale %s does", (locale, usd, size) => {
      vi.spyOn(navigator, "languages", "get").mockReturnValue([locale]);
      expect(money(1234.5)).toContain(usd);
      expect(bytes(2_500_000)).toBe(size);
      expect(day("2026-03-01T12:00:00Z")).not.toBe("");
    });

  it.each([["ar-EG", true], ["he-IL", true], ["de-DE", false], ["en-US", false]])(
    "keeps what %s reads from the right apart from its neighbours: %s", (locale, isApart) => {
      vi.spyOn(navigator, "languages", "get").mockReturnValue([locale]);
      const text = day("2026-03-01T12:00:00Z");
      expect([text.startsWith("\u2068"), text.endsWith("\u2069")]).toEqual([isApart, isApart]);
      expect(money(0.5)).toMatch(/^[\d.,$US\u00a0]+$/);
    });

  it.each([
    ["5", 5], ["2.50", 2.5], ["2,50", 2.5], [" $3 ", 3], ["4,5 $", 4.5], ["ten", Number.NaN], ["1.000,50", Number.NaN],
    ["-1", Number.NaN], ["1e3", Number.NaN], ["0.001", Number.NaN],
  ])("reads an amount of %j", (typed, value) => { expect(amount(typed)).toBe(value); });

  it("measures from start to end, or to now", () => {
    expect(secondsBetween("", "", 0)).toBeUndefined();
    expect(secondsBetween("2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z", 0)).toBe(5);
    expect(secondsBetween("2026-01-01T00:00:00Z", "", Date.parse("2026-01-01T00:01:00Z"))).toBe(60);
  });
});

describe("waveform", () => {
  it("finds each part's loudest point, the loudest of all being 1", () => {
    const samples = new Float32Array([0.1, -0.2, 0, 0.4, 0.05, 0]);
    expect(peaks(samples, 3).map((peak) => Number(peak.toFixed(3)))).toEqual([0.5, 1, 0.125]);
  });

  it("draws a silent recording as a thin line, not as nothing", () => {
    expect(peaks(new Float32Array(8), 4)).toEqual([0, 0, 0, 0]);
    expect(barsPath([0, 1])).toBe("M0.5 0.940v0.120M1.5 0.060v1.880");
  });
});

describe("config", () => {
  it("takes an address of the API relative to the page", async () => {
    const config = await loadConfig(async () => new Response(JSON.stringify({ apiUrl: "/v1" })));
    expect(config.apiUrl).toBe(`${location.origin}/v1`);
    await expect(loadConfig(async () => new Response("", { status: 404 }))).rejects.toThrow("404");
  });

  it("shows the key of a local run's address to the server, and to nobody who looks at the address", async () => {
    const shown: (string | null)[] = [];
    const fetcher: typeof fetch = async (_, init) => {
      shown.push(new Headers(init?.headers).get("X-Reelwright-Key"));
      return new Response(JSON.stringify({ apiUrl: "/v1" }));
    };
    await loadConfig(fetcher);
    history.replaceState(null, "", "/videos?a=1#key=k-1");
    await loadConfig(fetcher);
    expect(location.href).toBe(`${location.origin}/videos?a=1`);
    await loadConfig(fetcher);
    expect(shown).toEqual([null, "k-1", "k-1"]);
    sessionStorage.clear();
  });
});

describe("steady links", () => {
  it("keeps the first link to a file, and takes the link to another", async () => {
    const current = ref<string | undefined>("https://b/1.mp4?sig=a");
    const { link } = useSteadyLink(() => current.value);
    current.value = "https://b/1.mp4?sig=b";
    await nextTick();
    expect(link.value).toBe("https://b/1.mp4?sig=a");
    current.value = "https://b/2.mp4?sig=c";
    await nextTick();
    expect(link.value).toBe("https://b/2.mp4?sig=c");
  });

  it("takes the next link each time that one has run out, and one that is about to", async () => {
    const current = ref("https://b/1.mp4?sig=a");
    let now = 0;
    const { link, renew } = useSteadyLink(() => current.value, () => now);
    for (const sig of ["b", "c"]) {
      renew();
      current.value = `https://b/1.mp4?sig=${sig}`;
      await nextTick();
      expect(link.value).toContain(sig);
    }
    now = KEEP_MS;
    current.value = "https://b/1.mp4?sig=d";
    await nextTick();
    expect(link.value).toContain("sig=d");
  });
});

describe("what is begun once", () => {
  it("is the same for all who ask, and is begun anew after it failed", async () => {
    const begin = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error("offline")).mockResolvedValue(7);
    const ask = once(begin);
    await expect(Promise.all([ask(), ask()])).rejects.toThrow("offline");
    expect(await Promise.all([ask(), ask()])).toEqual([7, 7]);
    expect(begin).toHaveBeenCalledTimes(2);
  });
});
