import { defineConfig } from "vitest/config";

// Real work is done behind the page: a step may take as long as a slow machine takes for it.
export default defineConfig({
  test: {
    root: import.meta.dirname, include: ["*.e2e.ts"], environment: "node", fileParallelism: false,
    testTimeout: 900_000, hookTimeout: 60_000, bail: 1,
    // So does what is asked for again and again, whose second is none there.
    expect: { poll: { timeout: 60_000 } },
  },
});
