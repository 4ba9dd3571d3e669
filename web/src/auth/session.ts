/** Who is signed in. An expired session asks again in place, and whoever waits for a token goes on afterwards. */

import { reactive, readonly } from "vue";

import type { Caller } from "@/api/http";
import type { Identity, NextStep } from "./identity";

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

export function makeSession(identity: () => Promise<Identity>): Session {
  const view = reactive({ state: "unknown" as SessionState, name: "" });
  let waiting: (() => void)[] = [];

  function admit(step: NextStep, name: string): NextStep {
    if (step !== "done") return step;
    view.name = name || view.name;
    view.state = "in";
    waiting.forEach((go) => { go(); });
    waiting = [];
    return step;
  }

  function admission(): Promise<void> {
    view.state = "expired";
    return new Promise((resolve) => waiting.push(resolve));
  }

  async function token(): Promise<string> {
    for (;;) {
      const current = await (await identity()).token();
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
      const current = await (await identity()).token();
      view.name = nameIn(current);
      view.state = current ? "in" : "out";
    },
    async signIn(name, password) {
      pendingName = name;
      return admit(await (await identity()).signIn(name, password), name);
    },
    answer: async (value) => admit(await (await identity()).answer(value), pendingName),
    async signOut() {
      await (await identity()).signOut();
      view.name = "";
      view.state = "out";
    },
  };
}

/** The user name that an ID token carries; only for showing it, so nothing is verified here. */
function nameIn(token: string): string {
  const payload = token.split(".")[1];
  if (!payload) return "";
  const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, string>;
  return claims["cognito:username"] ?? claims["email"] ?? "";
}
