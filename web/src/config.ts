/** What a deployment tells the page, from `/config.json`: where the API is and which user pool signs people in. */

export interface DemoUser {
  name: string;
  password: string;
}

export interface PageConfig {
  /** Absolute, or relative to the page. */
  apiUrl: string;
  region: string;
  userPoolId: string;
  clientId: string;
  /** Cognito's endpoint when it is not AWS's own. */
  cognitoEndpoint?: string;
  /** Shown on the sign-in page; only a local cloud names any. */
  demoUsers?: DemoUser[];
  /** Stand-ins draw the clips and nothing is charged; only a local cloud says so. */
  preview?: boolean;
}

const KEY = "reelwright-key";
const KEY_HEADER = "X-Reelwright-Key";

/** The key in the address that a local cloud prints, which goes out of sight and lasts as long as the tab. */
function localKey(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY);
}

export async function loadConfig(fetcher: typeof fetch = fetch): Promise<PageConfig> {
  const key = localKey();
  const headers: Record<string, string> = key ? { [KEY_HEADER]: key } : {};
  const reply = await fetcher("/config.json", { cache: "no-cache", headers });
  if (!reply.ok) throw new Error(`config.json: ${reply.status}`);
  const config = (await reply.json()) as PageConfig;
  return { ...config, apiUrl: new URL(config.apiUrl, location.href).href.replace(/\/$/, "") };
}
