import type { Article } from './erp.ts'

/** What every ERP of the stories has on its shelves: list price without tax, rate of tax, pieces. */
export const goods: readonly Article[] = [
  { sku: 'MUG-ENAMEL', name: 'Enamel mug', price: 12.5, rate: 19, stock: 120 },
  { sku: 'LAMP-STORM', name: 'Storm lamp', price: 34.9, rate: 19, stock: 40 },
  { sku: 'ROPE-10M', name: 'Hemp rope, 10 m', price: 17.9, rate: 19, stock: 75 },
  { sku: 'BOOK-KNOTS', name: 'The book of knots', price: 24.3, rate: 7, stock: 60 },
  { sku: 'TEA-HARBOUR', name: 'Harbour blend tea, 250 g', price: 9.81, rate: 7, stock: 200 },
]
