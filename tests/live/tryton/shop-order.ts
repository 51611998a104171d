import { salesOrder, type SalesOrder } from '@linchpin/model'

/**
 * An order as a shop tells it: 3 mugs and a pen at 19 %, 2 books at 7 %, ten percent off, and shipping. Its product ids
 * are names that the test links to Tryton's.
 */
export function shopOrder(number: string): SalesOrder {
  const address = {
    name: 'Ada Lovelace',
    streetName: 'Hauptstr. 1',
    additionalStreetName: 'Hinterhaus',
    postalZone: '10115',
    cityName: 'Berlin',
    country: 'DE',
  }
  return salesOrder.parse({
    id: number,
    number,
    issuedAt: new Date().toISOString(),
    status: 'open',
    fulfilment: 'none',
    invoicing: 'none',
    payment: 'paid',
    currency: 'EUR',
    taxInclusive: false,
    buyer: {
      id: 'c-1',
      kind: 'person',
      name: 'Ada Lovelace',
      email: 'ada@example.org',
      billingAddress: address,
    },
    billingAddress: address,
    deliveries: [{ id: 'd1', address: { ...address, streetName: 'Seeweg 2' } }],
    lines: [
      line({
        id: 'l1',
        sku: 'MUG-1',
        product: 'mug',
        name: 'Blue mug',
        quantity: '3',
        unitPrice: '12.50',
        off: '3.75',
        net: '33.75',
        rate: '19',
        tax: '6.41',
      }),
      line({
        id: 'l2',
        sku: 'BOOK-1',
        product: 'book',
        name: 'A book',
        quantity: '2',
        unitPrice: '20.00',
        off: '4.00',
        net: '36.00',
        rate: '7',
        tax: '2.52',
      }),
      line({
        id: 'l3',
        sku: 'PEN-1',
        product: 'pen',
        name: 'Red pen',
        quantity: '1',
        unitPrice: '3.33',
        off: '0.33',
        net: '3.00',
        rate: '19',
        tax: '0.57',
      }),
    ],
    charges: [
      {
        id: 's1',
        kind: 'shipping',
        name: 'Parcel',
        net: '4.12',
        tax: '0.78',
        gross: '4.90',
        taxes: [{ rate: '19', amount: '0.78' }],
      },
    ],
    totals: { net: '76.87', tax: '10.28', payable: '87.15' },
    notes: [{ text: 'Please ring twice 🔔', by: 'buyer' }],
  })
}

function line(of: {
  id: string
  sku: string
  product: string
  name: string
  quantity: string
  unitPrice: string
  off: string
  net: string
  rate: string
  tax: string
}) {
  const { off, rate, ...rest } = of
  const gross = (Number(of.net) + Number(of.tax)).toFixed(2)
  const discounts = [{ amount: off, of: 'document', code: 'AUTUMN' }]
  return { ...rest, kind: 'item', gross, discounts, taxes: [{ rate, amount: of.tax }] }
}
