/** The page's addresses; views other than the first are loaded when they are visited. */

import { createRouter, createWebHistory, type Router } from "vue-router";

import LibraryView from "./views/LibraryView.vue";

declare module "vue-router" {
  interface RouteMeta {
    title: string;
  }
}

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: "/", name: "library", component: LibraryView, meta: { title: "Library" } },
      {
        path: "/videos/:videoId/new", name: "configure", props: true, meta: { title: "New video" },
        component: () => import("./views/ConfigureView.vue"),
      },
      {
        path: "/videos/:videoId", name: "video", props: true, meta: { title: "Video" },
        component: () => import("./views/VideoView.vue"),
      },
      { path: "/:rest(.*)", component: () => import("./views/NotFoundView.vue"), meta: { title: "Not found" } },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.afterEach((to) => { document.title = `${to.meta.title} · Reelwright`; });
  return router;
}
