import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { bundleOf } from './bundle.ts'
import type { Answer, CrashJob, Job } from './worker.ts'

/** A job that is not done by then runs for ever; the slowest known seed needs some seconds. */
const WATCH_MS = 300_000

/** Threads that each do one job at a time. */
export interface Workers {
  readonly ask: (job: Job | CrashJob) => Promise<Answer>
  readonly end: () => Promise<void>
}

/** `database`: where lane B finds PostgreSQL. `worker`: what runs in each thread. */
export async function startWorkers(options: {
  readonly threads: number
  readonly database?: string
  readonly worker?: URL
}): Promise<Workers> {
  const file = await bundleOf(options.worker ?? new URL('./worker.ts', import.meta.url))
  const start = (number: number) => startThread(file, number, options.database)
  const idle = Array.from({ length: Math.max(1, options.threads) }, (_each, index) => start(index + 1))
  const waiting: ((thread: Thread) => void)[] = []
  const free = (thread: Thread) => {
    const next = waiting.shift()
    if (next) next(thread)
    else idle.push(thread)
  }
  return {
    async ask(job) {
      const thread = idle.pop() ?? (await new Promise<Thread>(take => waiting.push(take)))
      const answer = await thread.ask(job)
      free('failed' in answer ? await restarted(thread, start) : thread)
      return answer
    },
    async end() {
      await Promise.all(idle.map(thread => thread.end()))
      await rm(file, { force: true })
    },
  }
}

interface Thread {
  readonly number: number
  readonly ask: (job: Job | CrashJob) => Promise<Answer>
  readonly end: () => Promise<unknown>
}

async function restarted(thread: Thread, start: (number: number) => Thread): Promise<Thread> {
  await thread.end()
  return start(thread.number)
}

function startThread(file: URL, number: number, database: string | undefined): Thread {
  // A world makes much that is gone at once: with little room for the young, a tenth of the time goes into collecting it.
  const resourceLimits = { maxYoungGenerationSizeMb: 64 }
  const worker = new Worker(fileURLToPath(file), { workerData: { number, database }, resourceLimits })
  let end = (_answer: Answer) => {}
  worker.on('message', (answer: Answer) => end(answer))
  worker.on('error', (error: Error) => end({ failed: `it threw: ${error.stack ?? error.message}` }))
  worker.on('exit', code => end({ failed: `its thread ended with ${code}` }))
  return {
    number,
    end: () => worker.terminate(),
    ask: job =>
      new Promise<Answer>(done => {
        const late = `it did not end within ${WATCH_MS / 1000} seconds`
        const watch = setTimeout(() => end({ failed: late }), WATCH_MS)
        end = answer => {
          clearTimeout(watch)
          done(answer)
        }
        worker.postMessage(job)
      }),
  }
}
