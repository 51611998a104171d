import { expect, test } from 'vitest'
import { createKernel, START, Stuck } from './kernel.ts'
import { run } from './run.ts'

const HOUR = 3_600_000
const AT_ONCE = Promise.resolve()

test('what happens again and again at one instant is stuck, and no hang', async () => {
  const kernel = createKernel(1)
  const again = () => void kernel.at(kernel.now(), 'again', again)
  again()
  await expect(kernel.run(START + HOUR)).rejects.toThrow(/"again" happens again and again at one instant/)
})

test('whoever looks at the clock and waits for nothing is stuck', async () => {
  const kernel = createKernel(1)
  kernel.at(START, 'waits busily', () => {
    while (kernel.now() < START + HOUR);
  })
  await expect(kernel.run(START + HOUR)).rejects.toThrow(Stuck)
})

test('time passes when nothing happens, and what was taken back does not happen', async () => {
  const kernel = createKernel(1)
  const happened: string[] = []
  const takeBack = kernel.at(START + 10, 'never', () => happened.push('never'))
  kernel.at(START + 20, 'once', () => happened.push('once'))
  takeBack()
  await kernel.run(START + HOUR)
  expect([happened, kernel.now()]).toEqual([['once'], START + HOUR])
})

test('no event happens while real work of another is open, however soon some of it is done', async () => {
  const kernel = createKernel(1)
  const slow = () => new Promise<void>(done => setImmediate(done))
  const works = [slow, () => Promise.resolve(), slow, slow, () => Promise.resolve(), slow]
  const log: string[] = []
  for (const [index, work] of works.entries())
    kernel.at(START + index, `event ${index}`, () => {
      log.push(`${index} begins`)
      void AT_ONCE.then(() => kernel.outside(work())).then(() => log.push(`${index} ends`))
    })
  await kernel.run(START + HOUR)
  expect(log).toEqual(works.flatMap((_work, index) => [`${index} begins`, `${index} ends`]))
})

test('one seed orders what happens at one instant always in the same way, and another seed otherwise', async () => {
  const orderOf = async (seed: number) => {
    const kernel = createKernel(seed, { keepTrace: true })
    for (let event = 0; event < 20; event += 1) kernel.at(START, `event ${event}`, () => {})
    await kernel.run(START)
    return [kernel.traceHash(), ...kernel.trace]
  }
  expect(await orderOf(1)).toEqual(await orderOf(1))
  expect(await orderOf(1)).not.toEqual(await orderOf(2))
})

test('a world whose engines never rest is a failed seed', async () => {
  const node = (world: Parameters<NonNullable<NonNullable<Mutation>['node']>>[0]) => ({
    ...world,
    sleep: (_ms: number, signal?: AbortSignal) => world.sleep(0, signal),
  })
  const { violations } = await run(1, { mutation: { node } })
  expect(violations[0]).toMatch(/^it gets nowhere: /)
})

type Mutation = NonNullable<Parameters<typeof run>[1]>['mutation']
