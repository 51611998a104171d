import { connectorFor, type Outcome, type Problem } from '@linchpin/connector'
import { makeLab } from '@linchpin/connector/conformance'
import { ConnectionLost, fetchFrom, Shelf } from '@linchpin/lookalike'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Bill } from './bill-list.ts'
import type { Order } from './fake/books.ts'
import { fakeShopify, type FakeShopify } from './fake/fake-shopify.ts'
import { decliningGateway, giveBack, slowGateway } from './fake/refunds.ts'
import type { RefundRow } from './refund-row.ts'
import type { Session } from './session.ts'
import { shopify } from './shopify.ts'

const app = { clientId: 'linchpin', clientSecret: 'a-secret-of-the-tests' }

describe("the money of credit notes, at Shopify's look-alike", () => {
  let fake: FakeShopify
  let session: Session
  /** Two mugs of 11.99 and 4.90 for shipping. */
  let order: string
  let mug: string
  /** What happens to a request, by its body; null: nothing. */
  let onTheWay: (body: string, arrive: () => Promise<Response>) => Promise<Response> | null

  beforeEach(async () => {
    onTheWay = () => null
    const lab = makeLab((url, init) => {
      const arrive = () => fetchFrom(fake.handler)(url, init)
      return onTheWay(JSON.stringify(init?.body), arrive) ?? arrive()
    })
    fake = fakeShopify({ shelf: new Shelf(null), now: lab.now, ...app, restoreRate: 1_000_000 })
    session = await open('write')
    mug = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
    order = fake.placeOrder({ lines: [{ variant: mug, quantity: 2 }], email: 'ada@example.com' }).id

    async function open(refunds: 'read' | 'write'): Promise<Session> {
      return shopify.open(settings(refunds), lab)
    }
    reopen = open
  })
  let reopen: (refunds: 'read' | 'write') => Promise<Session>

  test('a whole order is given back with its goods and its shipping, once, and none of it is put on the shelf', async () => {
    const outcome = await write(note('CN1', '28.88', '2'))
    expect(outcome).toMatchObject({ is: 'applied', id: `${order}/CN1` })
    expect(outcome).not.toHaveProperty('rest')
    const { refunds, transactions, lines } = books()
    expect(refunds).toMatchObject([
      { amount: 2888, shipping: true, lines: [{ quantity: 2, restockType: 'NO_RESTOCK' }] },
    ])
    expect(transactions.slice(1)).toMatchObject([
      { kind: 'REFUND', amount: 2888, parent: transactions[0]?.id },
    ])
    expect(shown()).toMatchObject([{ number: 'CN1', refunds: [refunds[0]?.id] }])
    expect(fake.books.variants.get(mug)?.levels['1']?.available).toBe(8)
    expect(lines[0]?.currentQuantity).toBe(0)
    await write({ ...note('CN1', '28.88', '2'), status: 'paid' }, `${order}/CN1`)
    expect(books().refunds).toHaveLength(1)
    expect(shown()).toMatchObject([{ number: 'CN1', status: 'paid', refunds: [refunds[0]?.id] }])
  })

  test.each([
    ['one of two mugs', '11.99', '1', [{ quantity: 1 }], false],
    ['a reduction of both', '3.00', '2', [], false],
    ['half a mug', '6.00', '0.5', [], false],
    ['shipping alone', '4.90', null, [], true],
  ])('a part is given back: %s', async (_, payable, quantity, lines, shipping) => {
    expect(await write(note('CN1', payable, quantity))).not.toHaveProperty('rest')
    const amount = Math.round(Number(payable) * 100)
    expect(books().refunds).toMatchObject([{ amount, lines, shipping }])
  })

  test('money is taken back from several payments, each as far as it goes', async () => {
    paidBy({ amount: 2000 }, { amount: 888 })
    await write(note('CN1', '25.00', null))
    expect(
      books()
        .transactions.slice(2)
        .map(({ parent, amount }) => [parent, amount]),
    ).toEqual([
      [books().transactions[0]?.id, 2000],
      [books().transactions[1]?.id, 500],
    ])
  })

  test('an answer that was lost does not pay twice', async () => {
    loseOnce('mutation RefundOrder')
    const lost = await write(note('CN1', '28.88', '2'))
    expect(lost).toMatchObject({ is: 'applied', rest: { kind: 'passing' } })
    expect(await write(note('CN1', '28.88', '2'), `${order}/CN1`)).not.toHaveProperty('rest')
    expect(books().refunds).toHaveLength(1)
    expect(keys()).toHaveLength(1)
    expect(shown()[0]?.refunds).toEqual([books().refunds[0]?.id])
  })

  test('a request that arrives after we have looked for it does not pay twice', async () => {
    let late: (() => Promise<Response>) | null = null
    onTheWay = (body, arrive) => {
      if (!body.includes('mutation RefundOrder')) return null
      if (late) return late().then(arrive)
      late = arrive
      return Promise.reject(new ConnectionLost('on its way'))
    }
    await write(note('CN1', '11.99', '1'))
    expect(books().refunds).toEqual([])
    expect(await write(note('CN1', '11.99', '1'), `${order}/CN1`)).not.toHaveProperty('rest')
    expect(books().refunds).toHaveLength(1)
    expect(keys()[0]).toBe(keys()[1])
  })

  test('a mark that was lost is set later, and the money stays given back once', async () => {
    let marks = 0
    onTheWay = body =>
      body.includes('mutation SetMetafields') && (marks += 1) === 2
        ? Promise.reject(new ConnectionLost('the mark'))
        : null
    expect(await write(note('CN1', '11.99', '1'))).toMatchObject({ rest: { kind: 'passing' } })
    await write(note('CN1', '11.99', '1'), `${order}/CN1`)
    await write(note('CN2', '11.99', '1'))
    expect(books().refunds).toHaveLength(2)
    expect(shown().map(({ refunds }) => refunds)).toEqual(books().refunds.map(({ id }) => [id]))
  })

  test('what the payment provider took of one payment and refused of another is told, and done by hand', async () => {
    paidBy({ amount: 2000 }, { amount: 888, gateway: decliningGateway })
    expect(restOf(await write(note('CN1', '25.00', null))).message).toContain('the payment provider refused')
    expect(restOf(await write(note('CN1', '25.00', null), `${order}/CN1`)).message).toContain('20.00 EUR')
    expect(books().refunds).toMatchObject([{ amount: 2000 }])
    paidBy({ amount: 2888 })
    byHand('5.00')
    expect(await write(note('CN1', '25.00', null), `${order}/CN1`)).not.toHaveProperty('rest')
    expect(shown()[0]?.refunds).toEqual(books().refunds.map(({ id }) => id))
  })

  describe('what somebody gave back in the shop', () => {
    test('for a credit note that was left to people is not that of another one', async () => {
      session = await reopen('read')
      await write(note('CN1', '11.99', null))
      byHand('11.99')
      session = await reopen('write')
      const { kind, message } = restOf(await write(note('CN2', '11.99', '1')))
      expect([kind, message]).toEqual(['refused', expect.stringContaining('nobody can tell whose they are')])
      expect(books().refunds).toMatchObject([{ note: null }])
    })

    test('of the same amount is this credit note, and no other one', async () => {
      byHand('11.99')
      expect(await write(note('CN1', '11.99', '1'))).not.toHaveProperty('rest')
      expect(books().refunds).toHaveLength(1)
      await write(note('CN2', '11.99', '1'))
      expect(books().refunds).toMatchObject([{ note: null }, { note: expect.stringContaining('CN2') }])
    })

    test('of another amount is for a person to judge, until it adds up', async () => {
      byHand('5.00')
      const { kind, message } = restOf(await write(note('CN1', '11.99', '1')))
      expect(kind).toBe('refused')
      expect(message).toContain('CN1 is of 11.99 EUR, and 5.00 EUR of its order stand given back')
      expect(books().refunds).toHaveLength(1)
      byHand('6.99')
      expect(await write(note('CN1', '11.99', '1'), `${order}/CN1`)).not.toHaveProperty('rest')
      expect(books().refunds).toHaveLength(2)
      expect(shown()[0]?.refunds).toHaveLength(2)
    })
  })

  test.each([
    ['more than was paid', () => undefined, '50.00', 'only 28.88 EUR of order #1001 can be given back'],
    [
      'of an order that is not paid',
      () => paidBy(),
      '11.99',
      'only 0.00 EUR of order #1001 can be given back',
    ],
    [
      'of one that was paid in cash',
      () => paidBy({ amount: 2888, gateway: 'Cash on Delivery', manual: true }),
      '11.99',
      'cannot pay back what was paid by Cash on Delivery',
    ],
    [
      'of one that was paid in cash for a part',
      () => paidBy({ amount: 1000 }, { amount: 1888, gateway: 'Cash on Delivery', manual: true }),
      '11.99',
      'only 10.00 EUR',
    ],
  ])('%s is not given back, and says why', async (_, prepare, payable, words) => {
    prepare()
    const outcome = await write(note('CN1', payable, null))
    expect(outcome).toMatchObject({ is: 'applied' })
    expect(restOf(outcome)).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) })
    expect([books().refunds, keys()]).toEqual([[], []])
    expect(shown()).toMatchObject([{ number: 'CN1', refunds: [] }])
  })

  test.each([
    ['in another currency', { currency: 'GBP' }, 'in GBP'],
    ['of several orders', {}, 'several orders'],
  ])('a credit note %s is left to people', async (_, change, words) => {
    const row = { ...note('CN1', '11.99', null), ...change }
    const other = fake.placeOrder({ lines: [{ variant: mug, quantity: 1 }], email: 'ada@example.com' }).id
    const orders = words === 'several orders' ? [order, other] : [order]
    expect(restOf(await write({ ...row, orders })).message).toContain(words)
    expect(keys()).toEqual([])
  })

  test('what the payment provider refuses is told, and the next try is a new one', async () => {
    paidBy({ amount: 2888, gateway: decliningGateway })
    expect(restOf(await write(note('CN1', '11.99', null))).message).toContain('the payment provider refused')
    await write(note('CN1', '11.99', null), `${order}/CN1`)
    expect(new Set(keys()).size).toBe(2)
    expect(books().refunds.map(({ amount }) => amount)).toEqual([0, 0])
    const [row] =
      (await shopify.entities.Refund?.get?.(session, [`${order}/${books().refunds[0]?.id}`])) ?? []
    expect(row?.row).toMatchObject({ status: 'failed' })
  })

  test('what the ERP calls paid after we could not give it back is left to people, and stays with them', async () => {
    paidBy({ amount: 2888, gateway: decliningGateway })
    await write(note('CN1', '11.99', null))
    // Now it could be given back, but somebody may have paid it otherwise.
    paidBy({ amount: 2888 })
    const paid = { ...note('CN1', '11.99', null), status: 'paid' }
    const tries = keys().length
    expect(restOf(await write(paid, `${order}/CN1`)).message).toContain('not given back while it was open')
    expect(await write(paid, `${order}/CN1`)).not.toHaveProperty('rest')
    expect(keys()).toHaveLength(tries)
    expect(shown()).toEqual([expect.not.objectContaining({ refunds: expect.anything() })])
  })

  test.each([
    ['confirms', 'SUCCESS', 1],
    ['refuses', 'FAILURE', 2],
  ])('what the payment provider %s only later is waited for', async (_, becomes, refunds) => {
    paidBy({ amount: 2888, gateway: slowGateway })
    for (const id of [null, `${order}/CN1`])
      expect(restOf(await write(note('CN1', '11.99', null), id)).kind).toBe('passing')
    expect([books().refunds.length, shown()[0]?.refunds]).toEqual([1, []])
    const transactions = books().transactions.map(each =>
      each.kind === 'REFUND' ? { ...each, status: becomes } : { ...each, gateway: 'bogus' },
    )
    const amount = becomes === 'SUCCESS' ? 1199 : 0
    const made = books().refunds.map(each => ({ ...each, amount }))
    fake.books.orders.put(order, { ...books(), transactions, refunds: made } as Order)
    expect(await write(note('CN1', '11.99', null), `${order}/CN1`)).not.toHaveProperty('rest')
    expect(books().refunds).toHaveLength(refunds)
    expect(shown()[0]?.refunds).toHaveLength(1)
  })

  test.each([
    ['given back by us after all', 'SUCCESS'],
    ['refused', 'FAILURE'],
  ])('what the ERP calls paid while the payment provider thinks is %s', async (_, becomes) => {
    paidBy({ amount: 2888, gateway: slowGateway })
    await write(note('CN1', '11.99', null))
    const paid = { ...note('CN1', '11.99', null), status: 'paid' }
    const tries = keys().length
    expect(restOf(await write(paid, `${order}/CN1`)).kind).toBe('passing')
    expect(shown()).toMatchObject([{ status: 'posted', refunds: [] }])
    const transactions = books().transactions.map(each =>
      each.kind === 'REFUND' ? { ...each, status: becomes } : { ...each, gateway: 'bogus' },
    )
    const amount = becomes === 'SUCCESS' ? 1199 : 0
    const made = books().refunds.map(each => ({ ...each, amount }))
    fake.books.orders.put(order, { ...books(), transactions, refunds: made } as Order)
    const outcome = await write(paid, `${order}/CN1`)
    if (becomes === 'SUCCESS') {
      expect(outcome).not.toHaveProperty('rest')
      expect(shown()).toMatchObject([{ status: 'paid', refunds: [expect.any(String)] }])
    } else {
      expect(restOf(outcome).message).toContain('not given back while it was open')
      expect(shown()).toEqual([expect.not.objectContaining({ refunds: expect.anything() })])
    }
    expect([books().refunds.length, keys().length]).toEqual([1, tries])
  })

  test('what costs nothing is nobody’s to give back', async () => {
    await write(note('CN1', '0.00', null))
    expect(await write({ ...note('CN1', '0.00', null), status: 'paid' }, `${order}/CN1`)).not.toHaveProperty(
      'rest',
    )
  })

  test('one that was cancelled, and one that was shown before the settings asked for it, are not given back', async () => {
    await write({ ...note('CN1', '11.99', null), status: 'cancelled' })
    session = await reopen('read')
    await write(note('CN2', '11.99', null))
    session = await reopen('write')
    await write({ ...note('CN2', '11.99', null), status: 'paid' }, `${order}/CN2`)
    expect([books().refunds, keys()]).toEqual([[], []])
    expect(shown()).toMatchObject([{ number: 'CN1' }, { number: 'CN2', status: 'paid' }])
  })

  test('without the setting credit notes are shown as ever', async () => {
    session = await reopen('read')
    expect(settings().refunds).toBe('read')
    expect(connectorFor(shopify, settings()).entities.CreditNote).toBe(shopify.entities.CreditNote)
    expect(await write(note('CN1', '28.88', '2'))).toMatchObject({ is: 'applied', id: `${order}/CN1` })
    expect([books().refunds, keys()]).toEqual([[], []])
    expect(Object.keys(shown()[0] ?? {})).toEqual(['number', 'status', 'payable', 'currency'])
  })

  test('a refund of ours says which credit note it is of, and one made in the shop says none', async () => {
    byHand('1.00')
    fake.books.orders.put(order, { ...books(), refunds: [] })
    await write(note('CN 7 · x', '11.99', null))
    byHand('2.00')
    const ids = books().refunds.map(({ id }) => `${order}/${id}`)
    const rows = (await shopify.entities.Refund?.get?.(session, ids)) ?? []
    expect(rows.map(({ row }) => (row as RefundRow).creditNote)).toEqual([`${order}/CN 7 · x`, null])
  })

  test('the look-alike pays nothing without a key, twice for one key, or more than is left', async () => {
    const [sale] = books().transactions
    const ask = async (amount: string, directive: string) => {
      const text = `mutation { refundCreate(input: { orderId: "gid://shopify/Order/${order}", transactions: [
        { orderId: "gid://shopify/Order/${order}", kind: REFUND, gateway: "bogus", amount: "${amount}",
          parentId: "gid://shopify/OrderTransaction/${sale?.id}" }] }) ${directive} { refund { id } userErrors { message } } }`
      return JSON.stringify(await session.client.ask({ text, data: anything }).catch(String))
    }
    expect(await ask('1.00', '')).toContain('@idempotent directive is required')
    expect(books().refunds).toEqual([])
    const [first, again] = [
      await ask('20.00', '@idempotent(key: "a")'),
      await ask('20.00', '@idempotent(key: "a")'),
    ]
    expect(again).toBe(first)
    expect(await ask('8.89', '@idempotent(key: "b")')).toContain('exceeds the refundable amount')
    expect(await ask('8.88', '@idempotent(key: "a")')).toContain('same idempotency key')
    expect(books().refunds).toMatchObject([{ amount: 2000 }])
  })

  const settings = (refunds?: 'read' | 'write') =>
    shopify.settings.parse({ url: 'https://example.myshopify.com', ...app, ...(refunds && { refunds }) })

  function books(): Order {
    const found = fake.books.orders.get(order)
    if (!found) throw new Error('The look-alike lost the order.')
    return found
  }

  const shown = () =>
    JSON.parse(books().metafields.find(({ key }) => key === 'credit_notes')?.value ?? '[]') as Bill[]

  const note = (number: string, payable: string, quantity: string | null) => ({
    orders: [order],
    number,
    status: 'posted',
    payable,
    currency: 'EUR',
    ...(session.settings.refunds === 'write' && {
      lines: quantity === null ? [] : [{ product: mug, sku: 'MUG', quantity }],
    }),
  })

  async function write(row: ReturnType<typeof note>, id: string | null = null): Promise<Outcome> {
    const { writer } = connectorFor(shopify, session.settings).entities.CreditNote ?? {}
    const parsed: unknown = writer?.schema.parse(row)
    const [outcome] =
      (await writer?.write(session, [{ key: `erp/CreditNote/${row.number}`, id, row: parsed }])) ?? []
    if (!outcome) throw new Error('The writer answered nothing.')
    return outcome
  }

  function restOf(outcome: Outcome): Problem {
    if (outcome.is === 'applied' && outcome.rest) return outcome.rest
    throw new Error(`It is ${outcome.is}, and all of it was done.`)
  }

  /** The order was paid so, and not as the till did it. */
  function paidBy(...payments: readonly Partial<Order['transactions'][number]>[]): void {
    const [sale] = books().transactions
    const transactions = payments.map(each => ({ ...sale!, id: fake.books.next('transaction'), ...each }))
    fake.books.orders.put(order, { ...books(), transactions })
  }

  function byHand(amount: string): void {
    const [sale] = books().transactions
    const parentId = `gid://shopify/OrderTransaction/${sale?.id}`
    giveBack(fake.books, books(), {
      orderId: order,
      transactions: [{ amount, gateway: 'bogus', kind: 'REFUND', parentId }],
    })
  }

  function loseOnce(words: string): void {
    let isLost = false
    onTheWay = (body, arrive) => {
      if (isLost || !body.includes(words)) return null
      isLost = true
      return arrive().then(() => Promise.reject(new ConnectionLost('the answer')))
    }
  }

  /** The idempotency keys of the refunds that arrived, oldest first. */
  const keys = () =>
    fake.asked.filter(({ name }) => name === 'RefundOrder').map(({ variables }) => String(variables['key']))
})

const anything = { safeParse: (data: unknown) => ({ success: true, data }) } as never
