import type { Settings } from './settings.ts'
import type { ShipmentValue } from './parcels.ts'

/** What customers read. `beginning` names what a note is about, so that it is never said twice. */
export interface Note {
  readonly text: string
  readonly beginning: string
  readonly toCustomer: true
}

const words = {
  en: { shipment: 'Shipment', invoice: 'Invoice', creditNote: 'Credit note' },
  de: { shipment: 'Lieferung', invoice: 'Rechnung', creditNote: 'Gutschrift' },
} as const

export function shipmentNote(language: Settings['language'], shipment: ShipmentValue): Note {
  const beginning = `${words[language].shipment} ${shipment.number}:`
  const goods = shipment.lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')
  const parcels = shipment.tracking.map(({ number, carrier, url }) =>
    [carrier || shipment.carrier, number, url].filter(part => part !== '').join(' '),
  )
  return {
    beginning,
    text: `${beginning} ${[goods, ...parcels].filter(Boolean).join('. ')}`,
    toCustomer: true,
  }
}

export function billNote(
  language: Settings['language'],
  kind: 'invoice' | 'creditNote',
  bill: { number: string; issued_on: string; total: string; currency: string; url: string },
): Note {
  const name = `${words[language][kind]} ${bill.number}`
  const facts = [bill.issued_on, `${bill.total} ${bill.currency}`]
    .filter(part => part.trim() !== '')
    .join(', ')
  const beginning = bill.url === '' ? `${name} (` : `${name}:`
  return {
    beginning,
    text: bill.url === '' ? `${name} (${facts})` : `${name}: ${bill.url} (${facts})`,
    toCustomer: true,
  }
}
