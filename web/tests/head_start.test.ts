/** What is asked for ahead is asked for once, and never answers a later question. */

import { expect, test } from "vitest";

import { withHeadStart } from "@/api/head-start";
import type { Ask, Http, Reply } from "@/api/http";

function counting(): { asked: string[]; http: Http } {
  const asked: string[] = [];
  const http = <T>(path: string, ask: Ask = {}): Promise<Reply<T>> => {
    asked.push(`${ask.method ?? "GET"} ${path}`);
    return path === "/gone"
      ? Promise.reject(new Error("gone"))
      : Promise.resolve({ body: asked.length as T, etag: "", retryAfter: 0 });
  };
  return { asked, http };
}

test("the first question has the answer that was begun, the next one an answer of its own", async () => {
  const { asked, http } = counting();
  const ahead = withHeadStart(http);
  ahead.begin("/a");
  expect((await ahead.http("/b")).body).toBe(2);
  expect([(await ahead.http("/a")).body, (await ahead.http("/a")).body]).toEqual([1, 3]);
  expect(asked).toEqual(["GET /a", "GET /b", "GET /a"]);
});

test("a change is no question, and what was asked before it is old", async () => {
  const { asked, http } = counting();
  const ahead = withHeadStart(http);
  ahead.begin("/a");
  expect((await ahead.http("/a", { method: "DELETE" })).body).toBe(2);
  expect((await ahead.http("/a")).body).toBe(3);
  expect(asked).toEqual(["GET /a", "DELETE /a", "GET /a"]);
});

test("an answer that nobody took in time is asked for again, and a failure is told to whoever asks", async () => {
  const { http } = counting();
  let now = 0;
  const ahead = withHeadStart(http, () => now);
  ahead.begin("/a");
  ahead.begin("/gone");
  await expect(ahead.http("/gone")).rejects.toThrow("gone");
  now = 5_000;
  expect((await ahead.http("/a")).body).toBe(3);
});
