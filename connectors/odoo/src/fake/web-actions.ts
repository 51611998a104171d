import type { FakeOdoo } from './index.ts'
import { movesOf } from './stock.ts'
import { userError } from './errors.ts'

/** What a button of the page does. */
export async function act(fake: FakeOdoo, form: URLSearchParams): Promise<void> {
  const id = Number(form.get('id'))
  switch (form.get('do') ?? '') {
    case 'confirm':
      return fake.confirm(id)
    case 'cancel':
      return fake.cancel(id)
    case 'pick':
      return void fake.pick(id)
    case 'pack':
      return fake.pack(id)
    case 'ship':
      return void fake.ship(id, shipping(fake, id, form))
    case 'invoice':
      return void (await fake.invoice(id))
    case 'pay':
      return void fake.pay(id)
    case 'credit':
      return void (await fake.credit(id))
    case 'stock':
      return fake.adjustStock(form.get('sku') ?? '', amountIn(form, 'quantity'))
    case 'price':
      return fake.setPrice(form.get('sku') ?? '', amountIn(form, 'price'))
    default:
      throw userError('This page has no such button.')
  }
}

function shipping(fake: FakeOdoo, picking: number, form: URLSearchParams) {
  const skuOf = (product: unknown) =>
    String(fake.orm.get('product.product', Number(product))?.['default_code'])
  const parts = movesOf(fake.orm, picking).map(move => {
    const wanted = form.get(`part-${move.id}`)
    return [skuOf(move['product_id']), wanted === null ? Number(move['quantity']) : Number(wanted)] as const
  })
  const tracking = form.get('tracking')?.trim()
  return {
    parts: Object.fromEntries(parts),
    ...(tracking && { tracking }),
    carrier: form.get('carrier') ?? '',
  }
}

function amountIn(form: URLSearchParams, name: string): number {
  const amount = Number(form.get(name))
  if (form.get(name) === '' || !Number.isFinite(amount) || amount < 0)
    throw userError(`The ${name} must be a number, 0 or more.`)
  return amount
}
