import { describe, expect, it, vi } from "vitest";

import { makeHttp } from "@/api/http";
import { ApiProblem, ConnectionLost, isAbort } from "@/api/problems";
import type { Identity, NextStep } from "@/auth/identity";
import { makeSession } from "@/auth/session";
import { claimsIn, NOTHING, stored } from "@/auth/stored";

/** A user pool in memory whose sessions the test can end. */
class Pool implements Identity {
  current = "";
  refreshes = 0;
  next: NextStep = "done";
  refreshable = true;
  private count = 0;

  async signIn() { return this.admit(this.next); }
  async answer() { return this.admit("done"); }
  async signOut() { this.current = ""; }
  async token(force = false) {
    if (force) {
      this.refreshes += 1;
      this.current = this.refreshable ? this.fresh() : "";
    }
    return this.current;
  }

  private fresh() { return `h.${btoa(JSON.stringify({ "cognito:username": "demo" }))}.${++this.count}`; }
  private admit(step: NextStep) {
    if (step === "done") this.current = this.fresh();
    return step;
  }
}

/** An earlier visit has left a session, whose token holds no longer. */
const LEFT = { has: () => true, token: () => "" };
const settle = async () => { for (let turn = 0; turn < 20; turn += 1) await Promise.resolve(); };
const json = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers });

async function signedIn() {
  const pool = new Pool();
  const session = makeSession(() => Promise.resolve(pool));
  await session.signIn("demo", "pw");
  return { pool, session };
}

describe("session", () => {
  it("finds an earlier visit's session, with its name", async () => {
    const pool = new Pool();
    await pool.token(true);
    const session = makeSession(() => Promise.resolve(pool), LEFT);
    await session.restore();
    expect(session.view).toMatchObject({ state: "in", name: "demo" });
  });

  it("is out when there was none, and after signing out", async () => {
    const session = makeSession(() => Promise.resolve(new Pool()));
    await session.restore();
    expect(session.view.state).toBe("out");
    await session.signIn("demo", "pw");
    expect(session.view.state).toBe("in");
    await session.signOut();
    expect(session.view).toMatchObject({ state: "out", name: "" });
  });

  it("knows without the sign-in's code that there was no earlier visit", async () => {
    const identity = vi.fn();
    const session = makeSession(identity, NOTHING);
    await session.restore();
    expect(session.view.state).toBe("out");
    expect(identity).not.toHaveBeenCalled();
  });

  it("signs out at once, asks nobody to sign in again, and gives up what was still waiting", async () => {
    const { pool, session } = await signedIn();
    pool.current = "";
    const waiting = session.token().catch((error: unknown) => error);
    await settle();
    expect(session.view.state).toBe("expired");
    pool.signOut = () => Promise.reject(new ConnectionLost());
    await expect(session.signOut()).rejects.toBeInstanceOf(ConnectionLost);
    expect(isAbort(await waiting)).toBe(true);
    expect(isAbort(await session.token().catch((error: unknown) => error))).toBe(true);
    expect(session.view.state).toBe("out");
  });

  it("is not in before the step that the pool asks for", async () => {
    const pool = new Pool();
    pool.next = "new-password";
    const session = makeSession(() => Promise.resolve(pool));
    await session.restore();
    expect(await session.signIn("demo", "temporary")).toBe("new-password");
    expect(session.view.state).toBe("out");
    await session.answer("better");
    expect(session.view).toMatchObject({ state: "in", name: "demo" });
  });
});

describe("what an earlier visit left in the storage", () => {
  const CLIENT = "CognitoIdentityServiceProvider.client";
  const NOW = 1_790_000_000_000;
  const token = (claims: object) => `h.${btoa(JSON.stringify(claims))}.s`;

  function left(claims: object | string, user: string | null = "demo") {
    const items = new Map([[`${CLIENT}.demo.idToken`, typeof claims === "string" ? claims : token(claims)]]);
    if (user) items.set(`${CLIENT}.LastAuthUser`, user);
    const store = { getItem: (name: string) => items.get(name) ?? null } as Storage;
    return stored("client", store, () => NOW);
  }

  it("is a token while it holds, with a minute to spare", () => {
    expect(left({ exp: NOW / 1000 + 61 }).token()).not.toBe("");
    expect(left({ exp: NOW / 1000 + 60 }).token()).toBe("");
    expect(left({ exp: NOW / 1000 - 1 }).has()).toBe(true);
  });

  it.each(["", "nothing", "a.b.c", `a.${btoa("[1")}.c`])("is no token when it is %j", (text) => {
    expect(left(text).token()).toBe("");
    expect(claimsIn(text)).toEqual({});
  });

  it("is of the last user of this client only", () => {
    expect(left({ exp: NOW }, null).has()).toBe(false);
    expect(left({ exp: NOW }, "other").token()).toBe("");
  });

  it("lets a view begin without the sign-in's code, until the service refuses the token", async () => {
    const pool = new Pool();
    const identity = vi.fn(() => Promise.resolve(pool));
    const session = makeSession(identity, left({ exp: NOW / 1000 + 600, "cognito:username": "demo" }));
    await session.restore();
    expect(session.view).toMatchObject({ state: "in", name: "demo" });
    expect(await session.token()).toBe(token({ exp: NOW / 1000 + 600, "cognito:username": "demo" }));
    expect(identity).not.toHaveBeenCalled();
    await session.renew(false);
    expect(pool.refreshes).toBe(1);
  });

  it("is used no more once somebody has signed out", async () => {
    const session = makeSession(() => Promise.resolve(new Pool()), left({ exp: NOW / 1000 + 600 }));
    await session.restore();
    await session.signOut();
    await expect(session.token()).rejects.toSatisfy(isAbort);
  });
});

describe("requests of an expired session", () => {
  it("refreshes once without asking anybody", async () => {
    const { pool, session } = await signedIn();
    const tokens: string[] = [];
    const http = makeHttp("https://api", session, async (_url, init) => {
      tokens.push((init!.headers as Record<string, string>)["Authorization"]!);
      return tokens.length === 1 ? json(401, {}) : json(200, { ok: true });
    });
    expect((await http("/videos")).body).toEqual({ ok: true });
    expect(pool.refreshes).toBe(1);
    expect(new Set(tokens).size).toBe(2);
    expect(session.view.state).toBe("in");
  });

  it("asks the person, keeps every request waiting, and sends each again after the sign-in", async () => {
    const { pool, session } = await signedIn();
    pool.refreshable = false;
    pool.current = "";
    const sent: string[] = [];
    const http = makeHttp("https://api", session, async (url, init) => {
      sent.push(`${init!.method} ${String(url)} ${String(init!.body)}`);
      return json(200, { url });
    });
    const waiting = Promise.all([http("/a"), http("/b", { method: "POST", body: { kept: "form" } })]);
    await settle();
    expect(session.view.state).toBe("expired");
    expect(sent).toEqual([]);
    await session.signIn("demo", "pw");
    await waiting;
    expect(session.view.state).toBe("in");
    expect(sent).toEqual(["GET https://api/a undefined", 'POST https://api/b {"kept":"form"}']);
  });

  it("does not refresh for ever when the service refuses every token", async () => {
    const { pool, session } = await signedIn();
    const http = makeHttp("https://api", session, async () => json(401, {}));
    void http("/videos");
    await settle();
    expect(pool.refreshes).toBe(1);
    expect(session.view.state).toBe("expired");
  });
});

describe("replies", () => {
  const caller = { token: () => Promise.resolve("t"), renew: () => Promise.resolve() };

  it("carries etag and retry-after, and sends what it was asked to", async () => {
    let sent: Record<string, string> = {};
    const http = makeHttp("https://api", caller, async (_url, init) => {
      sent = init!.headers as Record<string, string>;
      return json(200, { a: 1 }, { ETag: '"x"', "Retry-After": "4" });
    });
    const reply = await http("/a", { idempotencyKey: "k" });
    expect(reply).toEqual({ body: { a: 1 }, etag: '"x"', retryAfter: 4 });
    expect(sent).toMatchObject({ Authorization: "Bearer t", "Idempotency-Key": "k" });
  });

  it("leaves it to the browser's cache to ask whether something has changed", async () => {
    let init: RequestInit = {};
    const http = makeHttp("https://api", caller, async (_url, given) => { init = given ?? {}; return json(200, {}); });
    await http("/a");
    expect(init.cache).toBe("no-cache");
    expect(init.headers).not.toHaveProperty("If-None-Match");
  });

  it("turns a refusal into its words, its fields and its request id", async () => {
    const details = [{ field: "budget", message: "Too low." }];
    const body = { error: "InvalidRequest", message: "No.", requestId: "r", details };
    const http = makeHttp("https://api", caller, async () => json(400, body));
    const problem = await http("/a").catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ code: "InvalidRequest", message: "No.", requestId: "r", retriable: false });
    expect((problem as ApiProblem).about("budget")).toBe("Too low.");
  });

  it("knows a page of a proxy from an answer, and no answer from both", async () => {
    const proxy = makeHttp("https://api", caller, async () => new Response("<html>", { status: 502 }));
    await expect(proxy("/a")).rejects.toMatchObject({ status: 502, retriable: true });
    const dead = makeHttp("https://api", caller, () => Promise.reject(new TypeError("fetch failed")));
    await expect(dead("/a")).rejects.toBeInstanceOf(ConnectionLost);
  });
});
