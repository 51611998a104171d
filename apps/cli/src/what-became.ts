import type { Client } from '@linchpin/api'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'
import { progress } from './progress.ts'

/** How what was owed just now has ended, when it has. */
export async function sayWhatBecame(
  flow: string,
  began: { readonly owed: number },
  wait: boolean,
  { client: open, output }: Context,
): Promise<void> {
  const client = await open()
  const left = wait ? await untilDelivered(client, flow, began.owed, output.json) : null
  const parked = (await client.parked({ flow, limit: 1000 })).parked.length
  output.data({ ...began, left, parked }, () =>
    parked === 0 ? 'Done.' : `Done, but ${parked} are parked: linchpin parked --flow ${flow}`,
  )
  if (parked > 0) process.exitCode = EXIT.partly
}

/** Waits until nothing of the flow is owed any more; deliveries that wait for others do not count. */
export async function untilDelivered(
  client: Client,
  flow: string,
  owed: number,
  quiet: boolean,
): Promise<number> {
  const bar = progress('delivered', Math.max(owed, 1), quiet)
  for (;;) {
    const { flows } = await client.status({})
    const { ready = 0, running = 0, later = 0 } = flows.find(({ name }) => name === flow)?.deliveries ?? {}
    const left = ready + running + later
    bar.at(Math.max(0, owed - left))
    if (left === 0) {
      bar.end()
      return left
    }
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}
