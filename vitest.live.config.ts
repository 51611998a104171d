import { defineConfig } from 'vitest/config'
import { LiveSummary } from './tests/live/summary.ts'

/** Against real systems, installed and started on this machine: minutes, and hundreds of megabytes from the registries. */
export default defineConfig({
  test: {
    include: ['tests/live/**/*.live.ts'],
    reporters: ['default', new LiveSummary()],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 1_800_000,
  },
})
