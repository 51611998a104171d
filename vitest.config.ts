import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      '{packages,connectors,apps}/*/src/**/*.test.ts',
      'scripts/**/*.test.ts',
      'tests/{stories,crash}/**/*.test.ts',
    ],
    // Vitest leaves one core to its reporter, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    // Loading zod and the model anew for each file costs more than most files' tests. No test may leave a global changed.
    isolate: false,
    // Nothing waits so long; a machine with ten times more to do than cores takes so long.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
