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

export async function loadConfig(fetcher: typeof fetch = fetch): Promise<PageConfig> {
  const reply = await fetcher("/config.json", { cache: "no-cache" });
  if (!reply.ok) throw new Error(`config.json: ${reply.status}`);
  const config = (await reply.json()) as PageConfig;
  return { ...config, apiUrl: new URL(config.apiUrl, location.href).href.replace(/\/$/, "") };
}
