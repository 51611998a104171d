import type { Connector } from '@linchpin/connector'
import { dolibarr } from '@linchpin/connector-dolibarr'
import { medusa } from '@linchpin/connector-medusa'
import { metasfresh } from '@linchpin/connector-metasfresh'
import { odoo } from '@linchpin/connector-odoo'
import { shopify } from '@linchpin/connector-shopify'
import { tryton } from '@linchpin/connector-tryton'
import { vendure } from '@linchpin/connector-vendure'
import { woocommerce } from '@linchpin/connector-woocommerce'

/** The list of connectors. There is no other registration. */
export const connectors: readonly Connector[] = [
  woocommerce,
  vendure,
  medusa,
  shopify,
  odoo,
  tryton,
  dolibarr,
  metasfresh,
]
