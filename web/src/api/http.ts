/** Requests to the API: the token on each, a new sign-in when it has expired, problems as errors. */

import { ApiProblem, ConnectionLost, isAbort, type ErrorBody } from "./problems";

export interface Caller {
  /** A current ID token. */
  token(): Promise<string>;
  /** After a 401: gets another token, from the person if `again`; resolves however long a person takes to sign in. */
  renew(again: boolean): Promise<void>;
}

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  /** Makes a repeated POST one and the same. */
  idempotencyKey?: string;
  /** The tag of what is changed: another one is there by now, and the service refuses. */
  ifMatch?: string;
  signal?: AbortSignal;
}

export interface Reply<T> {
  body: T;
  /** The same as before when nothing has changed: then the body is the browser's own copy. */
  etag: string;
  /** Seconds, or 0 when the service did not say. */
  retryAfter: number;
}

export type Http = <T>(path: string, ask?: Ask) => Promise<Reply<T>>;

export function makeHttp(baseUrl: string, caller: Caller, fetcher: typeof fetch = fetch.bind(globalThis)): Http {
  return async function request<T>(path: string, ask: Ask = {}): Promise<Reply<T>> {
    for (let refusals = 0; ; refusals += 1) {
      const token = await caller.token();
      const response = await send(fetcher, baseUrl + path, ask, token);
      if (response.status !== 401) return await read<T>(response);
      await caller.renew(refusals > 0);
    }
  };
}

async function send(fetcher: typeof fetch, url: string, ask: Ask, token: string): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (ask.body !== undefined) headers["Content-Type"] = "application/json";
  if (ask.idempotencyKey) headers["Idempotency-Key"] = ask.idempotencyKey;
  if (ask.ifMatch) headers["If-Match"] = ask.ifMatch;
  try {
    return await fetcher(url, {
      method: ask.method ?? "GET",
      headers,
      // The browser keeps what it was given with a tag, and asks whether it is still so.
      cache: "no-cache",
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
      ...(ask.signal ? { signal: ask.signal } : {}),
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ConnectionLost({ cause: error });
  }
}

async function read<T>(response: Response): Promise<Reply<T>> {
  if (!response.ok) throw new ApiProblem(response.status, await errorBody(response));
  return {
    body: (await response.json()) as T,
    etag: response.headers.get("ETag") ?? "",
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  };
}

async function errorBody(response: Response): Promise<ErrorBody> {
  try {
    return (await response.json()) as ErrorBody;
  } catch {
    // A proxy in between answered in its own words.
    return {};
  }
}
