/** Starts the page: its configuration, its services, its routes. */

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

import { createPinia } from "pinia";
import { createApp, watch } from "vue";

import { withHeadStart } from "./api/head-start";
import { makeHttp } from "./api/http";
import { makeReelwright, video } from "./api/reelwright";
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
  const earlier = stored(config.clientId);
  const session = makeSession(identity, earlier);
  // The sign-in is a third of the page's code: whoever types a password has it before they are done.
  watch(() => session.view.state, (state) => { if (state !== "in") identity().catch(() => undefined); });
  const { http, begin } = withHeadStart(makeHttp(config.apiUrl, session));
  const { videoId } = router.resolve(location.pathname).params;
  if (videoId && earlier.token()) begin(video(String(videoId)));
  const api = makeReelwright(http);
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
