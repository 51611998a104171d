import { invoice, shipment } from '@linchpin/model'
import { describe, expect, test } from 'vitest'
import { invoices } from './bills.ts'
import { openSession } from './client.ts'
import { TRACKING } from './order-row.ts'
import { mugIn } from './rig-tools.ts'
import { shipments } from './shipments.ts'
import { mapped, shopWith } from './testing.ts'

function shopWithOrder() {
  const shop = shopWith()
  const mug = mugIn(shop.fake)
  const cap = mugIn(shop.fake, 'CAP')
  const order = shop.fake.placeOrder({
    customer: 1,
    lines: [
      { product: mug.id, quantity: 3 },
      { product: cap.id, quantity: 1 },
    ],
  })
  return { ...shop, mug, cap, order }
}

function parcel(order: number, number: string, lines: readonly { sku: string; quantity: string }[]) {
  return {
    key: `erp/Shipment/${number}`,
    id: null,
    row: {
      order_id: String(order),
      number,
      status: 'shipped' as const,
      carrier: 'DHL',
      shipped_at: '2030-01-01T09:00:00Z',
      tracking: [{ number: `JJD-${number}`, carrier: '', url: `https://dhl.example/${number}` }],
      lines: [...lines],
    },
  }
}

describe('parcels at an order of the look-alike of WooCommerce', () => {
  test('two parcels are told one by one, and the order is completed with the last', async () => {
    const { fake, session, order } = shopWithOrder()
    const first = parcel(order.id, 'OUT1', [{ sku: 'MUG', quantity: '2' }])
    await shipments.writer?.write(session, [first])
    expect(fake.order(order.id)?.status).toBe('processing')
    const second = parcel(order.id, 'OUT2', [
      { sku: 'MUG', quantity: '1' },
      { sku: 'CAP', quantity: '1' },
    ])
    const [outcome] = (await shipments.writer?.write(session, [second])) ?? []
    expect(outcome?.is).toBe('applied')
    expect(fake.order(order.id)?.status).toBe('completed')
    const told = fake.notes(order.id).filter(note => note.customer_note)
    expect(told.map(({ note }) => note)).toEqual([
      'Shipment OUT1: 2 × Mug. DHL JJD-OUT1 https://dhl.example/OUT1',
      'Shipment OUT2: 1 × Mug, 1 × Mug. DHL JJD-OUT2 https://dhl.example/OUT2',
    ])
    expect(
      trackingOf(fake, order.id)
        .map(each => each.tracking_number)
        .toSorted(),
    ).toEqual(['JJD-OUT1', 'JJD-OUT2'])
  })

  test('what the merchant or a plugin wrote into the list stays', async () => {
    const { fake, session, order } = shopWithOrder()
    const theirs = { tracking_id: 'x', tracking_provider: 'ups', tracking_number: '1Z999', date_shipped: '1' }
    fake.updateOrder(order.id, { meta_data: [{ key: TRACKING, value: [theirs] }] })
    const write = parcel(order.id, 'OUT1', [{ sku: 'MUG', quantity: '1' }])
    await shipments.writer?.write(session, [write])
    await shipments.writer?.write(session, [write])
    expect(trackingOf(fake, order.id).map(each => each.tracking_number)).toEqual(['1Z999', 'JJD-OUT1'])
  })

  test('with every request broken once, the customer is told once', async () => {
    for (let broken = 0; broken < 8; broken += 1) {
      const { fake, session, lab, order } = shopWithOrder()
      lab.next({ is: 'lose reply' }, broken)
      const write = parcel(order.id, 'OUT1', [{ sku: 'MUG', quantity: '1' }])
      for (let turn = 0; turn < 2; turn += 1) await shipments.writer?.write(session, [write])
      expect(fake.notes(order.id).filter(note => note.customer_note)).toHaveLength(1)
      expect(trackingOf(fake, order.id)).toHaveLength(1)
    }
  })

  test('two nodes that tell two parcels of one order at once lose neither', async () => {
    const { fake, session, lab, order } = shopWithOrder()
    const nodes = [session, openSession(session.settings, lab)]
    await Promise.all(
      nodes.map(async (node, at) =>
        shipments.writer?.write(node, [parcel(order.id, `OUT${at}`, [{ sku: 'MUG', quantity: '1' }])]),
      ),
    )
    expect(
      trackingOf(fake, order.id)
        .map(each => each.tracking_number)
        .toSorted(),
    ).toEqual(['JJD-OUT0', 'JJD-OUT1'])
    expect(fake.notes(order.id).filter(note => note.customer_note)).toHaveLength(2)
  })

  test('a parcel that is called off leaves the list', async () => {
    const { fake, session, order } = shopWithOrder()
    const write = parcel(order.id, 'OUT1', [{ sku: 'MUG', quantity: '1' }])
    const [outcome] = (await shipments.writer?.write(session, [write])) ?? []
    const id = outcome?.is === 'applied' ? outcome.id : ''
    await shipments.writer?.write(session, [{ ...write, id, row: { ...write.row, status: 'cancelled' } }])
    expect(trackingOf(fake, order.id)).toEqual([])
  })

  test('it is read back as a shipment, with the lines of the order', async () => {
    const { session, order, mug } = shopWithOrder()
    const write = parcel(order.id, 'OUT1', [{ sku: 'MUG', quantity: '2' }])
    const [outcome] = (await shipments.writer?.write(session, [write])) ?? []
    const id = outcome?.is === 'applied' ? outcome.id : ''
    const [shot] = (await shipments.get?.(session, [id])) ?? []
    expect(shipment.parse(mapped(shipments.mapping, shot?.row))).toMatchObject({
      number: 'OUT1',
      order: String(order.id),
      tracking: [{ number: 'JJD-OUT1', url: 'https://dhl.example/OUT1' }],
      lines: [{ orderLine: String(order.line_items[0]?.id), product: String(mug.id), quantity: '2' }],
    })
  })
})

describe('bills at an order of the look-alike of WooCommerce', () => {
  test('the customer gets a note with the link once, and the order says it is invoiced', async () => {
    const { fake, session, order } = shopWithOrder()
    const record = {
      id: '9',
      number: 'INV/2030/00001',
      orders: ['S1'],
      status: 'posted',
      issuedOn: '2030-01-01',
      currency: 'EUR',
      totals: { payable: order.total },
      document: { url: 'https://linchpin.example/d/abc' },
    }
    const { writer } = invoices
    if (!writer) throw new Error('Invoices cannot be written.')
    const row = writer.schema.parse(mapped(writer.mapping, record, { S1: String(order.id) }))
    const write = { key: 'erp/Invoice/9', id: null, row }
    const [outcome] = await writer.write(session, [write])
    await writer.write(session, [write])
    expect(fake.notes(order.id).filter(note => note.customer_note)).toMatchObject([
      { note: `Invoice INV/2030/00001: https://linchpin.example/d/abc (2030-01-01, ${order.total} EUR)` },
    ])
    const [shot] = (await invoices.get?.(session, [outcome?.is === 'applied' ? outcome.id : ''])) ?? []
    expect(invoice.parse(mapped(invoices.mapping, shot?.row))).toMatchObject({
      number: 'INV/2030/00001',
      orders: [String(order.id)],
      document: { url: 'https://linchpin.example/d/abc' },
    })
  })
})

interface Tracking {
  readonly tracking_number: string
}

function trackingOf(fake: ReturnType<typeof shopWith>['fake'], order: number): readonly Tracking[] {
  return fake.order(order)?.meta_data.find(meta => meta.key === TRACKING)?.value as readonly Tracking[]
}
