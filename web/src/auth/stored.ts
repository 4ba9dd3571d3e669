/** What an earlier visit left in the storage, as Amplify lays it there, read without the sign-in's code. */

/** Milliseconds for which a token must hold to be used: a request may take as long, and clocks differ. */
const MARGIN_MS = 60_000;

export interface Stored {
  /** Whether an earlier visit may have left a session. */
  has(): boolean;
  /** The ID token while it holds, or an empty text. */
  token(): string;
}

export const NOTHING: Stored = { has: () => false, token: () => "" };

export function stored(clientId: string, store: Storage = localStorage, now: () => number = Date.now): Stored {
  const prefix = `CognitoIdentityServiceProvider.${clientId}`;
  const user = () => store.getItem(`${prefix}.LastAuthUser`);
  return {
    has: () => user() !== null,
    token() {
      const token = store.getItem(`${prefix}.${user() ?? ""}.idToken`) ?? "";
      return Number(claimsIn(token)["exp"] ?? 0) * 1000 > now() + MARGIN_MS ? token : "";
    },
  };
}

/** What an ID token says; only for showing it, or for asking in time, so nothing is verified here. */
export function claimsIn(token: string): Record<string, unknown> {
  const payload = token.split(".")[1];
  if (!payload) return {};
  try {
    return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, unknown>;
  } catch {
    // Whatever lies in the storage under that name, the user pool is asked then.
    return {};
  }
}
