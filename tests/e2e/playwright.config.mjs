// How the browser tests run: one worker, the browser that is installed, no second chances.

import { defineConfig } from "@playwright/test";

import { launch } from "./support/chromium.mjs";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: launch,
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    actionTimeout: 10_000,
    trace: "off",
  },
});
