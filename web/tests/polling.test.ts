import { describe, expect, it } from "vitest";

import type { Reply } from "@/api/http";
import { ApiProblem, ConnectionLost } from "@/api/problems";
import { FIRST_MS, LONGEST_MS, Poller, type Clock } from "@/composables/usePolling";

interface Question {
  signal: AbortSignal;
  give(reply: Partial<Reply<string>>): void;
  fail(error: unknown): void;
}

/** Answers that the test gives by hand, a clock that it moves by hand. */
function stage(rest: (value: string, wait: number) => number | undefined = () => undefined) {
  const asked: Question[] = [];
  const timers = new Map<number, { callback: () => void; wait: number }>();
  const seen: string[] = [];
  const lost: boolean[] = [];
  const problems: unknown[] = [];
  let handle = 0;
  const clock: Clock = {
    set: (callback, wait) => { timers.set(++handle, { callback, wait }); return handle; },
    clear: (old) => { timers.delete(old); },
  };
  const poller = new Poller<string>({
    fetch: (signal) => new Promise((resolve, fail) => {
      const nothing = { body: "", etag: "", retryAfter: 0 };
      asked.push({ signal, fail, give: (reply) => { resolve({ ...nothing, ...reply }); } });
    }),
    rest,
    onValue: (value) => seen.push(value),
    onLost: (now) => lost.push(now),
    onProblem: (error) => problems.push(error),
  }, clock);
  return {
    poller, asked, seen, lost, problems,
    last: () => asked[asked.length - 1]!,
    waits: () => [...timers.values()].map((timer) => timer.wait),
    async settle() { for (let turn = 0; turn < 5; turn += 1) await Promise.resolve(); },
    tick() {
      const [key, timer] = [...timers][0]!;
      timers.delete(key);
      timer.callback();
    },
  };
}

describe("Poller", () => {
  it("asks at once, and hands on what it hears once for each tag", async () => {
    const s = stage();
    s.poller.start();
    for (const [body, etag] of [["a", '"1"'], ["a", '"1"'], ["b", '"2"']] as const) {
      s.last().give({ body, etag });
      await s.settle();
      s.tick();
    }
    expect(s.seen).toEqual(["a", "b"]);
  });

  it("lets the wait grow from the least that its user wishes", async () => {
    const s = stage((_value, wait) => Math.max(wait, 5_000));
    s.poller.start();
    const waits: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      s.last().give({ body: "a", etag: '"1"' });
      await s.settle();
      waits.push(s.waits()[0]!);
      s.tick();
    }
    expect(waits).toEqual([5_000, 5_000, 5_000, 5_062.5, 7_593.75, 11_390.625, LONGEST_MS]);
  });

  it("waits longer while nothing changes, up to a limit, and is quick again after a change", async () => {
    const s = stage();
    s.poller.start();
    const waits: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      s.last().give({ body: "a", etag: '"1"' });
      await s.settle();
      waits.push(...s.waits());
      s.tick();
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBe(FIRST_MS);
    expect(waits.at(-1)).toBe(LONGEST_MS);
    s.last().give({ body: "b", etag: '"2"' });
    await s.settle();
    expect(s.waits()).toEqual([FIRST_MS]);
  });

  it("never asks sooner than the service wants", async () => {
    const s = stage();
    s.poller.start();
    s.last().give({ body: "a", retryAfter: 30 });
    await s.settle();
    expect(s.waits()).toEqual([30_000]);
  });

  it("says that the connection is lost once, keeps trying, and says when it is back", async () => {
    const s = stage();
    s.poller.start();
    for (let turn = 0; turn < 3; turn += 1) {
      s.last().fail(new ConnectionLost());
      await s.settle();
      s.tick();
    }
    expect(s.lost).toEqual([true]);
    s.last().give({ body: "a" });
    await s.settle();
    expect(s.lost).toEqual([true, false]);
    expect(s.seen).toEqual(["a"]);
    expect(s.problems).toEqual([]);
  });

  it("treats a busy service as a lost connection, and a refusal as the end", async () => {
    const s = stage();
    s.poller.start();
    s.last().fail(new ApiProblem(503, {}));
    await s.settle();
    expect(s.lost).toEqual([true]);
    s.tick();
    const refusal = new ApiProblem(403, { error: "NotYourVideo" });
    s.last().fail(refusal);
    await s.settle();
    expect(s.problems).toEqual([refusal]);
    expect(s.waits()).toEqual([]);
  });

  it("drops the answer to an older question that comes after a newer one", async () => {
    const s = stage();
    s.poller.start();
    s.poller.now();
    const [older, newer] = s.asked;
    expect(older!.signal.aborted).toBe(true);
    newer!.give({ body: "new", etag: '"2"' });
    await s.settle();
    older!.give({ body: "old", etag: '"1"' });
    await s.settle();
    expect(s.seen).toEqual(["new"]);
    expect(s.waits()).toHaveLength(1);
  });

  it("drops the failure of an older question, too", async () => {
    const s = stage();
    s.poller.start();
    s.poller.now();
    s.asked[1]!.give({ body: "new" });
    s.asked[0]!.fail(new ApiProblem(403, {}));
    await s.settle();
    expect(s.problems).toEqual([]);
    expect(s.waits()).toHaveLength(1);
  });

  it("rests as long as the value says, and hears of a change all the same", async () => {
    const s = stage((value) => (value === "done" ? 30_000 : undefined));
    s.poller.start();
    s.last().give({ body: "done", etag: '"9"' });
    await s.settle();
    expect(s.waits()).toEqual([30_000]);
    s.tick();
    s.last().give({ body: "resumed", etag: '"10"' });
    await s.settle();
    expect(s.seen).toEqual(["done", "resumed"]);
    expect(s.waits()).toEqual([FIRST_MS]);
  });

  it("asks nothing and says nothing after it was stopped", async () => {
    const s = stage();
    s.poller.start();
    s.poller.stop();
    expect(s.last().signal.aborted).toBe(true);
    s.last().give({ body: "late" });
    await s.settle();
    expect(s.seen).toEqual([]);
    expect(s.waits()).toEqual([]);
  });
});
