import { otherIo, otherWrite, both, eachEntity, type Flaw, type Flaws } from './change.ts'

/** Does this before each request: what the lint rules of this repository forbid, and no rule of a stranger's does. */
const beforeEach = (reach: () => unknown): Flaw =>
  otherIo(io => ({
    ...io,
    fetch: (url, init) => {
      reach()
      return io.fetch(url, init)
    },
  }))
/** The machine's own, looked up when it is used. */
const machine = globalThis

export const worldFlaws: Flaws = {
  'asks for everything at once': both(
    eachEntity(({ get, ...entity }) => ({
      ...entity,
      ...(get && {
        get: async (session, ids) => (await Promise.all(ids.map(id => get(session, [id])))).flat(),
      }),
    })),
    otherWrite(async (write, session, writes) =>
      (await Promise.all(writes.map(each => write(session, [each])))).flat(),
    ),
  ),
  "reads the machine's clock": beforeEach(() => machine.Date['now']()),
  'rolls dice of its own': beforeEach(() => machine.Math['random']()),
  'waits on its own': beforeEach(() => machine.clearTimeout(machine['setTimeout'](() => undefined, 0))),
  'goes to the network past us': beforeEach(() =>
    machine.fetch('data:text/plain,hello').catch(() => undefined),
  ),
}
