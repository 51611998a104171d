import type { Books } from './books.ts'
import { connection, gidOf } from './lists.ts'

export function shopFields({ shop }: Books, scopes: readonly string[]) {
  return {
    shop: () => ({
      name: 'Example',
      myshopifyDomain: shop.domain,
      currencyCode: shop.currency,
      taxesIncluded: shop.taxesIncluded,
      plan: { publicDisplayName: 'Basic' },
    }),
    locations: (args: object) =>
      connection(
        shop.locations.map(({ id, name }) => ({ id: gidOf('Location', id), name })),
        args,
      ),
    currentAppInstallation: () => ({ accessScopes: scopes.map(handle => ({ handle })) }),
  }
}
