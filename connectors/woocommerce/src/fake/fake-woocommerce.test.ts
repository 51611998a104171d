import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Shelf } from '@linchpin/lookalike'
import { describe, expect, test } from 'vitest'
import { demoKey, fakeWooCommerce } from './fake-woocommerce.ts'

// Each title is what a real WooCommerce 11.0.1 was seen to do; this holds the look-alike to it.

function shop(shelf = new Shelf(null)) {
  const clock = { now: Date.UTC(2030, 0, 1) }
  const fake = fakeWooCommerce({ shelf, now: () => clock.now })
  fake.seedDemo()
  const authorization = `Basic ${btoa(`${demoKey.consumerKey}:${demoKey.consumerSecret}`)}`
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fake.fetch(`https://shop.example/wp-json/wc/v3${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, data: (await response.json()) as never }
  }
  return { fake, clock, ask }
}
type Named = { id: number; status: string; date_modified_gmt: string; stock_quantity: number }

describe('the look-alike answers as a real WooCommerce does', () => {
  test('a page of more than 100 is 400, a batch of more than 100 is 413', async () => {
    const { ask } = shop()
    const page = await ask('GET', '/products?per_page=101')
    expect([page.status, page.data]).toMatchObject([400, { code: 'rest_invalid_param' }])
    const create = Array.from({ length: 101 }, () => ({ name: 'x' }))
    expect((await ask('POST', '/products/batch', { create })).status).toBe(413)
  })

  test('errors of a batch stand inside a 200, with id 0 for what was to be created', async () => {
    const { ask, fake } = shop()
    const mug = fake.createProduct({ name: 'Mug', sku: 'MUG' })
    const { status, data } = await ask('POST', '/products/batch', {
      create: [{ name: 'Other', sku: 'mug' }],
      update: [{ id: 99_999_999, name: 'x' }],
    })
    expect([status, data]).toMatchObject([
      200,
      {
        create: [{ id: 0, error: { code: 'product_invalid_sku', data: { resource_id: mug.id } } }],
        update: [{ id: 99_999_999, error: { code: 'woocommerce_rest_product_invalid_id' } }],
      },
    ])
  })

  test('parameters that it does not know are ignored: a search by meta answers everything', async () => {
    const { ask } = shop()
    expect((await ask('GET', '/customers?meta_key=erp_id&meta_value=NOPE')).data).toHaveLength(2)
  })

  test('lists tell their size and the way to the next page', async () => {
    const { ask } = shop()
    const { headers } = await ask('GET', '/customers?per_page=1')
    expect([headers.get('x-wp-total'), headers.get('x-wp-totalpages')]).toEqual(['2', '2'])
    expect(headers.get('link')).toContain('rel="next"')
  })

  test('modified_after leaves out its own second; customers do not know it', async () => {
    const { ask, fake } = shop()
    const { date_modified_gmt: stamp } = fake.createProduct({ name: 'Mug' })
    expect((await ask('GET', `/products?modified_after=${stamp}.900Z&dates_are_gmt=true`)).data).toEqual([])
    expect((await ask('GET', '/products?modified_after=2029-12-31T23:59:59')).data).toHaveLength(1)
    expect((await ask('GET', '/customers?modified_after=2031-01-01T00:00:00')).data).toHaveLength(2)
  })

  test('two posts of one order are two orders, and stock goes below zero', async () => {
    const { ask, fake } = shop()
    const mug = fake.createProduct({ name: 'Mug', regular_price: '5', manage_stock: true, stock_quantity: 1 })
    const order = { status: 'processing', line_items: [{ product_id: mug.id, quantity: 2 }] }
    const answers = [await ask('POST', '/orders', order), await ask('POST', '/orders', order)]
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect((await ask('GET', `/products/${mug.id}`)).data).toMatchObject({
      stock_quantity: -3,
    } satisfies Partial<Named>)
  })

  test('a line that is put without its id is added; meta is replaced by its key', async () => {
    const { ask, fake } = shop()
    const mug = fake.createProduct({ name: 'Mug', regular_price: '5' })
    const { id } = fake.placeOrder({ lines: [{ product: mug.id, quantity: 1 }] })
    const change = {
      line_items: [{ product_id: mug.id, quantity: 1 }],
      meta_data: [{ key: 'a', value: '1' }],
    }
    await ask('PUT', `/orders/${id}`, change)
    await ask('PUT', `/orders/${id}`, { meta_data: [{ key: 'a', value: '2' }] })
    const { data } = await ask('GET', `/orders/${id}`)
    const { line_items: lines, meta_data: meta } = data as {
      line_items: unknown[]
      meta_data: { key: string; value: string }[]
    }
    expect([lines.length, meta.filter(({ key }) => key === 'a').map(({ value }) => value)]).toEqual([
      2,
      ['2'],
    ])
  })

  test('notes leave the stamp of an order alone, refunds move it; what is ordered moves that of the product', async () => {
    const { ask, fake, clock } = shop()
    const mug = fake.createProduct({ name: 'Mug', regular_price: '5', manage_stock: true, stock_quantity: 9 })
    clock.now += 60_000
    const { id, line_items: lines } = fake.placeOrder({ lines: [{ product: mug.id, quantity: 1 }] })
    expect(fake.books.products.get(mug.id)?.date_modified_gmt).toBe('2030-01-01T00:01:00')
    clock.now += 60_000
    await ask('POST', `/orders/${id}/notes`, { note: 'Hello', customer_note: true })
    expect(fake.order(id)?.date_modified_gmt).toBe('2030-01-01T00:01:00')
    await ask('POST', `/orders/${id}/refunds`, {
      amount: '1.00',
      line_items: [{ id: lines[0]?.id, quantity: 1, refund_total: 1 }],
    })
    expect(fake.order(id)?.date_modified_gmt).toBe('2030-01-01T00:02:00')
    expect(fake.books.products.get(mug.id)?.stock_quantity).toBe(9)
  })

  test('what went to the trash is in no list but its own', async () => {
    const { ask, fake } = shop()
    const { id } = fake.placeOrder({
      lines: [{ product: fake.createProduct({ name: 'Mug' }).id, quantity: 1 }],
    })
    await ask('DELETE', `/orders/${id}`)
    expect((await ask('GET', '/orders')).data).toEqual([])
    expect((await ask('GET', '/orders?status=trash')).data).toMatchObject([
      { id, status: 'trash' } satisfies Partial<Named>,
    ])
  })

  test('a signature is taken once and not after a quarter of an hour', async () => {
    const { fake, clock } = shop()
    const url = (await import('../oauth.ts')).signedQuery(
      { method: 'GET', url: 'http://shop.example/wp-json/wc/v3/orders', query: [] },
      demoKey,
      { now: clock.now, nonce: 'n1' },
    )
    const ask = async () => (await fake.fetch(`http://shop.example/wp-json/wc/v3/orders?${url}`)).status
    expect([await ask(), await ask()]).toEqual([200, 401])
    clock.now += 901_000
    expect(await ask()).toBe(401)
  })
})

describe('the storefront of the look-alike', () => {
  function visitor(fake: ReturnType<typeof shop>['fake']) {
    let cookie = ''
    const visit = async (path: string, form?: Record<string, string>): Promise<string> => {
      const response = await fake.fetch(`http://shop.example${path}`, {
        headers: { cookie },
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      })
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
      const location = response.headers.get('location')
      return location ? visit(location) : response.text()
    }
    return visit
  }
  const address = {
    first_name: 'Noor',
    last_name: 'de Vries',
    email: 'noor@example.com',
    address_1: 'Weg 1',
    city: 'Köln',
    postcode: '50667',
    country: 'DE',
  }

  test('a guest fills the cart, uses a coupon, orders, and sees the order, its parcel and its invoice', async () => {
    const { fake } = shop()
    const mug = fake.createProduct({
      name: 'Mug <b>',
      regular_price: '10',
      manage_stock: true,
      stock_quantity: 5,
    })
    const book = fake.createProduct({ name: 'Book', regular_price: '20', tax_class: 'reduced-rate' })
    const visit = visitor(fake)
    expect(await visit('/')).toContain('Mug &#60;b&#62;')
    await visit('/cart/add', { product: String(mug.id), quantity: '2' })
    expect(await visit('/cart/add', { product: String(book.id), quantity: '1' })).toContain('MwSt. 7 %')
    await visit('/cart/coupon', { coupon: 'Welcome10' })
    const placed = await visit('/checkout', address)
    const [order] = fake.orders()
    // 18 + 18 + 4.90 shipping; 19 % on mugs and shipping, 7 % on the book.
    expect(order).toMatchObject({ customer_id: 0, total: '46.51', total_tax: '5.61', status: 'processing' })
    expect(placed).toContain('46.51 EUR')
    fake.updateOrder(order?.id ?? 0, {
      meta_data: [
        {
          key: '_wc_shipment_tracking_items',
          value: [{ tracking_number: 'JJD1', custom_tracking_link: 'https://dhl.example/JJD1' }],
        },
        {
          key: '_linchpin_invoice_00',
          value: { number: 'INV1', url: 'javascript:alert(1)', total: '46.51', issued_on: '' },
        },
      ],
    })
    const page = await visit(`/orders/${order?.id}`)
    expect(page).toContain('href="https://dhl.example/JJD1"')
    expect(page).toContain('Invoice INV1')
    expect(page).not.toContain('javascript:')
    expect(page).toContain('look-alike of WooCommerce')
  })

  test('an order is shown to nobody else', async () => {
    const { fake } = shop()
    const mug = fake.createProduct({ name: 'Mug', regular_price: '10' })
    const { id } = fake.placeOrder({ customer: 1, lines: [{ product: mug.id, quantity: 1 }] })
    const visit = visitor(fake)
    expect(await visit(`/orders/${id}`)).toContain('belongs to another customer')
    await visit('/account/sign-in', { customer: '1' })
    expect(await visit(`/orders/${id}`)).toContain(`Order #${id}`)
  })

  test('who registers can order under their name', async () => {
    const { fake } = shop()
    const mug = fake.createProduct({ name: 'Mug', regular_price: '10' })
    const visit = visitor(fake)
    expect(
      await visit('/account/register', { name: 'Noor de Vries', email: 'noor@example.com', company: '' }),
    ).toContain('Noor de Vries')
    await visit('/cart/add', { product: String(mug.id), quantity: '1' })
    await visit('/checkout', address)
    expect(fake.orders()[0]?.customer_id).toBe(3)
  })
})

test('what it was told survives a restart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'woo-'))
  try {
    const path = join(folder, 'shop.jsonl')
    const before = shop(new Shelf(path)).fake
    const mug = before.createProduct({ name: 'Mug', regular_price: '10' })
    const order = before.placeOrder({ customer: 1, lines: [{ product: mug.id, quantity: 1 }] })
    const { fake } = shop(new Shelf(path))
    expect(fake.order(order.id)).toEqual(order)
    expect(fake.customers()).toHaveLength(2)
    expect(fake.createProduct({ name: 'Cup' }).id).toBeGreaterThan(order.id)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
