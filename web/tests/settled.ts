/** After each test file, what it has begun to load is there: else it would fail once nobody is left to hear of it. */

import { afterAll, vi } from "vitest";

afterAll(() => vi.dynamicImportSettled());
