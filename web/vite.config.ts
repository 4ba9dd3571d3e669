import { readFileSync } from "node:fs";
import { fileURLToPath, URL } from "node:url";

import messages from "@intlify/unplugin-vue-i18n/vite";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** What the API says of its own limits, so that the page says no others. */
const { NewVideo, StartGeneration } = JSON.parse(
  readFileSync(new URL("../docs/openapi.json", import.meta.url), "utf8"),
).components.schemas;
const limits = {
  fileBytes: NewVideo.properties.fileSize.maximum,
  titleLength: NewVideo.properties.title.maxLength,
  promptLength: StartGeneration.properties.prompt.maxLength,
  budget: StartGeneration.properties.budget.anyOf[0],
};

export default defineConfig({
  define: { __LIMITS__: JSON.stringify(limits) },
  plugins: [
    vue(),
    // Messages are compiled here: the page's content security policy allows no code from strings.
    messages({
      include: fileURLToPath(new URL("./src/messages/**", import.meta.url)), runtimeOnly: true, compositionOnly: true,
      fullInstall: true, dropMessageCompiler: true,
    }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Inlined assets would need data: in the content security policy.
  build: {
    target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"], restoreMocks: true },
});
