import type { Chance } from './chance.ts'
import type { Kernel } from './kernel.ts'

/**
 * A process of the simulated world. Whatever it awaits comes back through `resume`, and there it can be killed (what
 * it waits for never comes), paused like a stopped machine, or go on: so a crash at any await needs no test of its own.
 */
export interface Process {
  readonly name: string
  readonly alive: () => boolean
  readonly resume: (label: string, go: () => void) => void
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** A place where faults are aimed at: they come far more often than elsewhere. */
  readonly point: (name: string) => Promise<void>
  readonly kill: () => void
  readonly chance: Chance
}

export interface ProcessFaults {
  /** Chances per await, and at an aimed point. */
  readonly crash: number
  readonly pause: number
  readonly aimed: number
  readonly pauseMaxMs: number
}

export function createProcess(
  kernel: Kernel,
  name: string,
  faults: () => ProcessFaults,
  onDeath: () => void,
): Process {
  const chance = kernel.chance(`process ${name}`)
  let [alive, pausedUntil] = [true, 0]
  const kill = () => {
    if (!alive) return
    alive = false
    kernel.note(`${name} crashes`)
    onDeath()
  }
  const pause = () => {
    pausedUntil = kernel.now() + chance.between(1_000, faults().pauseMaxMs)
    kernel.note(`${name} stops until ${pausedUntil}`)
  }
  const strike = (crash: number, stop: number) => {
    if (chance.happens(crash)) kill()
    else if (chance.happens(stop)) pause()
  }
  const resume = (label: string, go: () => void) => {
    const { crash, pause: stop } = faults()
    if (alive && kernel.isFatal(label)) kill()
    if (alive && kernel.now() >= pausedUntil) strike(crash, stop)
    if (!alive) return
    if (kernel.now() < pausedUntil) kernel.at(pausedUntil, `${name} wakes`, () => resume(label, go))
    else go()
  }
  return {
    name,
    chance,
    kill,
    resume,
    alive: () => alive,
    sleep: (ms, signal) => sleep(kernel, resume, name, ms, signal),
    point: place =>
      new Promise(go => {
        const { aimed } = faults()
        if (aimed > 0) strike(aimed, aimed)
        kernel.at(kernel.now(), `${name} ${place}`, () => resume(place, go))
      }),
  }
}

function sleep(
  kernel: Kernel,
  resume: Process['resume'],
  name: string,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise(done => {
    const early = () => {
      disarm()
      kernel.at(kernel.now(), `${name} is woken`, () => resume('woken', done))
    }
    const disarm = kernel.at(kernel.now() + ms, `${name} timer`, () => {
      signal?.removeEventListener('abort', early)
      resume('timer', done)
    })
    if (signal?.aborted) early()
    else signal?.addEventListener('abort', early, { once: true })
  })
}
