/**
 * Starts, waits for Ctrl-C or a polite kill, then stops in order. A second Ctrl-C does not wait: nothing is lost by it.
 * Whoever stops while it still starts waits until it can be stopped.
 */
export async function untilStopped(
  start: () => Promise<{ readonly stop: () => Promise<void> }>,
  say: (line: string) => void,
): Promise<void> {
  let asked = false
  const signalled = new Promise<void>(resolve => {
    const ask = () => {
      if (asked) process.exit(130)
      asked = true
      say(
        'Stopping: what is under way ends first. Press Ctrl-C again to stop at once; nothing is lost by it.',
      )
      resolve()
    }
    process.on('SIGINT', ask)
    process.on('SIGTERM', ask)
  })
  const running = await start()
  await signalled
  await running.stop()
  process.exit()
}
