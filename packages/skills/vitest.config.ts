import { defineConfig } from 'vitest/config'

// The planner's model is generated; the tests train it first where it is missing or old.
export default defineConfig({
  test: {
    globalSetup: ['./scripts/train-before-tests.ts'],
    include: ['src/**/*.test.ts', 'skills/**/*.test.ts', 'evals/**/*.test.ts'],
    testTimeout: 60_000,
  },
})
