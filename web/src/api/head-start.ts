/** A view's first question, asked while its code is still on the way, so that both are waited for at the same time. */

import type { Ask, Http, Reply } from "./http";

/** Milliseconds for which an answer is as good as one of now. */
const FRESH_MS = 5_000;

export interface HeadStart {
  http: Http;
  /** Asks for what is at a path; whoever asks for it next has that answer, once. */
  begin(path: string): void;
}

export function withHeadStart(http: Http, now: () => number = Date.now): HeadStart {
  const begun = new Map<string, { at: number; reply: Promise<Reply<unknown>> }>();
  return {
    async http<T>(path: string, ask: Ask = {}): Promise<Reply<T>> {
      const first = (ask.method ?? "GET") === "GET" ? begun.get(path) : undefined;
      begun.delete(path);
      return (first && now() - first.at < FRESH_MS ? first.reply : http(path, ask)) as Promise<Reply<T>>;
    },
    begin(path) {
      const reply = http<unknown>(path);
      // Whoever asks is told of what went wrong.
      reply.catch(() => undefined);
      begun.set(path, { at: now(), reply });
    },
  };
}
