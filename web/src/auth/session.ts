/** Who is signed in. An expired session asks again in place, and whoever waits for a token goes on afterwards. */

import { reactive, readonly } from "vue";

import type { Caller } from "@/api/http";
import { SignedOut } from "@/api/problems";
import type { Identity, NextStep } from "./identity";
import { claimsIn, NOTHING, type Stored } from "./stored";

/** `expired` keeps the view: the person signs in again over it. */
export type SessionState = "unknown" | "out" | "in" | "expired";

export interface Session extends Caller {
  readonly view: { readonly state: SessionState; readonly name: string };
  /** Finds out whether an earlier visit's session still holds. */
  restore(): Promise<void>;
  signIn(name: string, password: string): Promise<NextStep>;
  answer(value: string): Promise<NextStep>;
  signOut(): Promise<void>;
}

/** Who waits for somebody to sign in, all at once: let go together, or sent away together. */
function makeLine() {
  let waiting: { go(): void; refuse(reason: unknown): void }[] = [];
  const everyone = () => {
    const all = waiting;
    waiting = [];
    return all;
  };
  return {
    wait: () => new Promise<void>((go, refuse) => { waiting.push({ go, refuse }); }),
    letGo() { everyone().forEach((each) => { each.go(); }); },
    sendAway(reason: unknown) { everyone().forEach((each) => { each.refuse(reason); }); },
  };
}

/** `stored` is what an earlier visit left behind: while its token holds, nothing waits for the sign-in's code. */
export function makeSession(identity: () => Promise<Identity>, stored: Stored = NOTHING): Session {
  const view = reactive({ state: "unknown" as SessionState, name: "" });
  const line = makeLine();

  function admit(step: NextStep, name: string): NextStep {
    if (step !== "done") return step;
    view.name = name || view.name;
    view.state = "in";
    line.letGo();
    return step;
  }

  function admission(): Promise<void> {
    // Whoever has signed out is not asked to sign in again for what the page was still doing.
    if (view.state === "out") return Promise.reject(new SignedOut());
    view.state = "expired";
    return line.wait();
  }

  async function token(): Promise<string> {
    for (;;) {
      const current = view.state === "out" ? "" : stored.token() || await (await identity()).token();
      if (current) return current;
      await admission();
    }
  }

  async function renew(again: boolean): Promise<void> {
    // The pool may have ended the session before its time: one quiet refresh, then the person is asked.
    const fresh = again ? "" : await (await identity()).token(true);
    if (!fresh) await admission();
  }

  let pendingName = "";
  return {
    view: readonly(view),
    token,
    renew,
    async restore() {
      const current = stored.token() || (stored.has() ? await (await identity()).token() : "");
      view.name = nameIn(current);
      view.state = current ? "in" : "out";
    },
    async signIn(name, password) {
      pendingName = name;
      return admit(await (await identity()).signIn(name, password), name);
    },
    answer: async (value) => admit(await (await identity()).answer(value), pendingName),
    async signOut() {
      // The page is left at once; the pool hears of it when it can be reached.
      view.name = "";
      view.state = "out";
      line.sendAway(new SignedOut());
      await (await identity()).signOut();
    },
  };
}

/** The user name that an ID token carries, for showing it. */
function nameIn(token: string): string {
  const claims = claimsIn(token);
  return String(claims["cognito:username"] ?? claims["email"] ?? "");
}
