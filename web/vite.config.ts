import { readFileSync } from "node:fs";
import { fileURLToPath, URL } from "node:url";

import messages from "@intlify/unplugin-vue-i18n/vite";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** What the API says of its own limits, so that the page says no others. */
const {
  ChangeCover, ChangeLook, ChangePublish, ChangeScene, NewFont, NewMusic, NewTranscript, NewVideo, StartGeneration,
} = JSON.parse(
  readFileSync(new URL("../docs/openapi.json", import.meta.url), "utf8"),
).components.schemas;
const limits = {
  fileBytes: NewVideo.properties.fileSize.maximum,
  musicBytes: NewMusic.properties.fileSize.maximum,
  fontBytes: NewFont.properties.fileSize.maximum,
  transcriptBytes: NewTranscript.properties.fileSize.maximum,
  titleLength: NewVideo.properties.title.maxLength,
  promptLength: StartGeneration.properties.prompt.maxLength,
  descriptionLength: ChangeScene.properties.description.anyOf[0].maxLength,
  lookLength: ChangeLook.properties.place.anyOf[0].maxLength,
  postTitleLength: ChangePublish.properties.title.anyOf[0].maxLength,
  hookLength: ChangePublish.properties.hook.anyOf[0].maxLength,
  coverTextLength: ChangeCover.properties.text.anyOf[0].maxLength,
  postTextLength: ChangePublish.properties.description.anyOf[0].maxLength,
  budget: StartGeneration.properties.budget.anyOf[0],
};

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What is loaded before any view, then what several views share: each small file is a request more before a paint. */
const chunks = [
  { name: "page", tags: ["$initial" as const], priority: 1 },
  { name: "views", test: /[\\/]src[\\/]/, minShareCount: 2 },
];

export default defineConfig({
  define: { __LIMITS__: JSON.stringify(limits) },
  plugins: [
    vue(),
    // Messages are compiled here: the page's content security policy allows no code from strings.
    messages({
      include: here("./src/messages/**"), runtimeOnly: true, compositionOnly: true,
      fullInstall: true, dropMessageCompiler: true,
    }),
  ],
  resolve: {
    alias: {
      "@": here("./src"),
      // What the captions' library brings along: the one is under another licence, the other asks other addresses.
      "rvfc-polyfill": here("./src/lib/no-frame-callback.ts"),
      "lfa-ponyfill": here("./src/lib/no-remote-fonts.ts"),
    },
  },
  worker: { format: "es" },
  server: {
    fs: { allow: [here("."), here("../functions/render_scene/fonts"), here("../functions/render_scene/cjk_fonts")] },
  },
  // Inlined assets would need data: in the content security policy.
  build: {
    target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: { codeSplitting: { groups: chunks } },
    },
  },
  // One environment a worker, in a context of its own for each file: making one for each took a third of the time.
  test: {
    environment: "happy-dom", include: ["tests/**/*.test.ts"], setupFiles: ["tests/settled.ts"], restoreMocks: true,
    pool: "vmThreads",
  },
});
