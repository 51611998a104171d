import { parentPort } from 'node:worker_threads'
import type { Job } from '../worker.ts'

/** A thread that dies at seed 2, throws beside its work at seed 3, and never comes back from seed 4. */
parentPort?.on('message', ({ seed }: Job) => {
  if (seed === 2) process.exit(7)
  if (seed === 3)
    setImmediate(() => {
      throw new Error('thrown beside the work')
    })
  else {
    while (seed === 4);
    parentPort?.postMessage({ awaits: [`seed ${seed}`], crashed: [] })
  }
})
