import type { Reader } from '@linchpin/api'
import { EXIT } from './exit.ts'
import type { Output } from './output.ts'
import { counter } from './progress.ts'

/**
 * Reads a source page by page, and says how far it is. Ctrl-C stops it after the page that is under way; whoever stops,
 * or is cut off, is told how to go on from there.
 */
export async function reading<Came extends { readonly next: string | null }>(
  { command, what }: { readonly command: string; readonly what: string },
  from: string | undefined,
  output: Output,
  read: (reader: Reader) => Promise<Came>,
): Promise<Came> {
  const line = counter(what, output.json)
  const stopping = new AbortController()
  const stop = () => {
    output.note('Stopping after this page. Press Ctrl-C again to stop at once.')
    stopping.abort()
  }
  let so: Parameters<Reader['at']>[0] = { read: 0, owed: 0, next: null }
  // The second one ends the program, as it always does.
  process.once('SIGINT', stop)
  try {
    const at: Reader['at'] = now => line.at((so = now).read)
    return await read({ from, stop: stopping.signal, at })
  } finally {
    process.off('SIGINT', stop)
    line.clear()
    if (so.next !== null) {
      process.exitCode = EXIT.partly
      process.stderr.write(
        `Stopped: ${so.read} ${what}, ${so.owed} deliveries owed so far. To go on: ${command} --from ${so.next}\n`,
      )
    }
  }
}
