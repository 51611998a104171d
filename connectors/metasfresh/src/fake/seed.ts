import type { People } from './people.ts'

/** The service products that shipping, fees and a cent of rounding are sold as; once. */
export function seedServices(people: People, services: Readonly<Record<string, string>>): void {
  for (const [sku, category] of Object.entries(services))
    if (!people.has(sku))
      people.makeProduct({ sku, name: sku.toLowerCase(), price: '0', category, type: 'S' })
}
