/** Starts the page: its configuration, its services, its routes. */

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

import { createPinia } from "pinia";
import { createApp, watch } from "vue";

import { makeHttp } from "./api/http";
import { makeReelwright } from "./api/reelwright";
import App from "./App.vue";
import { makeSession } from "./auth/session";
import { stored } from "./auth/stored";
import { SERVICES } from "./composables/useServices";
import { loadConfig } from "./config";
import { i18n, t } from "./lib/i18n";
import { once } from "./lib/once";
import { loadView, makeRouter } from "./router";

async function start(): Promise<void> {
  const configuration = loadConfig();
  const router = makeRouter();
  // The view's code comes beside the configuration, not after it, and not before it either: all waits for that.
  void loadView(router, location.pathname);
  const config = await configuration;
  const identity = once(async () => (await import("./auth/cognito")).connect(config));
  const session = makeSession(identity, stored(config.clientId));
  // The sign-in is a third of the page's code: whoever types a password has it before they are done.
  watch(() => session.view.state, (state) => { if (state !== "in") identity().catch(() => undefined); });
  const api = makeReelwright(makeHttp(config.apiUrl, session));
  const app = createApp(App).provide(SERVICES, { api, session, config });
  app.use(createPinia()).use(i18n).use(router).mount("#app");
  // The letters come after the view's code, which they would slow on the line; the system's do until then, or instead.
  router.isReady().then(() => import("@fontsource-variable/inter/wght.css")).catch(() => undefined);
}

start().catch((error: unknown) => {
  const place = document.querySelector("#app");
  if (place) place.textContent = t("app.unreachable");
  throw error;
});
