import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until `holds`, or throws when the time is over or the process that should bring it about has ended. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  more: { within: number; what: string; or: ChildProcess },
): Promise<void> {
  const deadline = Date.now() + more.within
  while (!(await holds())) {
    if (more.or.exitCode !== null)
      throw new Error(`Waiting for ${more.what}: it ended (${more.or.exitCode}).`)
    if (Date.now() > deadline) throw new Error(`Waited ${more.within / 1000} s in vain for ${more.what}.`)
    await sleep(100)
  }
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise(resolve => child.once('exit', resolve))
}
