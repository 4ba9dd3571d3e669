/** The page's addresses; views other than the first are loaded when they are visited. */

import { createRouter, createWebHistory, type Router } from "vue-router";

import LibraryView from "./views/LibraryView.vue";

import { t } from "./lib/i18n";

declare module "vue-router" {
  interface RouteMeta {
    title: string;
  }
}

export function makeRouter(): Router {
  return createRouter({
    history: createWebHistory(),
    routes: [
      { path: "/", name: "library", component: LibraryView, meta: { title: t("library.title") } },
      {
        path: "/pictures", name: "pictures", meta: { title: t("pictures.title") },
        component: () => import("./views/PicturesView.vue"),
      },
      {
        path: "/presets", name: "presets", meta: { title: t("presets.title") },
        component: () => import("./views/PresetsView.vue"),
      },
      {
        path: "/new-preset", name: "newPreset", meta: { title: t("presets.new") },
        component: () => import("./views/PresetView.vue"),
      },
      {
        path: "/presets/:presetName", name: "preset", props: true, meta: { title: t("presets.title") },
        component: () => import("./views/PresetView.vue"),
      },
      {
        path: "/videos/:videoId/new", name: "configure", props: true, meta: { title: t("configure.title") },
        component: () => import("./views/ConfigureView.vue"),
      },
      {
        path: "/videos/:videoId/moments", name: "moments", props: true, meta: { title: t("moments.title") },
        component: () => import("./views/MomentsView.vue"),
      },
      {
        path: "/videos/:videoId", name: "video", props: true, meta: { title: t("video.title") },
        component: () => import("./views/VideoView.vue"),
      },
      {
        path: "/:rest(.*)", component: () => import("./views/NotFoundView.vue"), meta: { title: t("notFound.title") },
      },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
}

/** Loads the code of the view at a path, so that it comes beside what else the page must wait for. */
export async function loadView(router: Router, path: string): Promise<void> {
  for (const { components } of router.resolve(path).matched) {
    const view: unknown = components?.["default"];
    // The router asks again when it goes there, and says what cannot be loaded.
    if (typeof view === "function") await Promise.resolve((view as () => unknown)()).catch(() => undefined);
  }
}
