/** Starts the page: its configuration, its services, its routes. */

import "@fontsource-variable/inter/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

import { createPinia } from "pinia";
import { createApp } from "vue";

import { makeHttp } from "./api/http";
import { makeReelwright } from "./api/reelwright";
import App from "./App.vue";
import { hasStoredSession } from "./auth/identity";
import { makeSession } from "./auth/session";
import { SERVICES } from "./composables/useServices";
import { loadConfig } from "./config";
import { i18n, t } from "./lib/i18n";
import { makeRouter } from "./router";

async function start(): Promise<void> {
  const config = await loadConfig();
  // The sign-in is a third of the page's code: it comes while the page is already shown.
  const identity = import("./auth/cognito").then((module) => module.connect(config));
  const session = makeSession(() => identity, () => hasStoredSession(config.clientId));
  const api = makeReelwright(makeHttp(config.apiUrl, session));
  const app = createApp(App).provide(SERVICES, { api, session, config });
  app.use(createPinia()).use(i18n).use(makeRouter()).mount("#app");
}

start().catch((error: unknown) => {
  const place = document.querySelector("#app");
  if (place) place.textContent = t("app.unreachable");
  throw error;
});
