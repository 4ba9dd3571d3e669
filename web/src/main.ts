/** Starts the page: its configuration, its services, its routes. */

import "@fontsource-variable/inter/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

import { createApp } from "vue";

import { makeHttp } from "./api/http";
import { makeReelwright } from "./api/reelwright";
import App from "./App.vue";
import { makeSession } from "./auth/session";
import { loadConfig } from "./config";
import { makeRouter } from "./router";
import { SERVICES } from "./state/services";

async function start(): Promise<void> {
  const config = await loadConfig();
  // The sign-in is a third of the page's code: it comes while the page is already shown.
  const identity = import("./auth/cognito").then((module) => module.connect(config));
  const session = makeSession(() => identity);
  const api = makeReelwright(makeHttp(config.apiUrl, session));
  createApp(App).provide(SERVICES, { api, session, config }).use(makeRouter()).mount("#app");
}

start().catch((error: unknown) => {
  const place = document.querySelector("#app");
  if (place) place.textContent = "Reelwright cannot be reached. Reload the page to try again.";
  throw error;
});
