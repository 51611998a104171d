import type { FakeOdoo } from '@linchpin/connector-odoo'
import type { FakeWooCommerce } from '@linchpin/connector-woocommerce'
import type { Handler } from '@linchpin/lookalike'
import type { LeapingClock } from './clock.ts'

const HOUR_MS = 3_600_000

/** The hours before now in which one of the systems was not well. */
const TROUBLES = [
  { from: 100, until: 99.3, what: 'the ERP is down' },
  { from: 54, until: 53.2, what: 'the shop asks to slow down' },
  { from: 7.5, until: 3, what: 'the ERP is slow' },
] as const
type What = (typeof TROUBLES)[number]['what']

/** So long does a slow ERP think over each request. */
const SLOW_MS = 2_500

export interface Troubles {
  readonly isNow: (what: What) => boolean
  /** The ERP's door: behind it, time passes when the ERP is slow. */
  readonly slowed: (handler: Handler) => Handler
}

/** The bad hours of the week, as the demo's clock goes through them; both systems behave as real ones were seen to. */
export function troublesOf(
  clock: LeapingClock,
  { shop, erp }: { readonly shop: FakeWooCommerce; readonly erp: FakeOdoo },
): Troubles {
  const isNow = (wanted: What) => {
    const hours = clock.behindMs() / HOUR_MS
    return TROUBLES.some(({ what, from, until }) => what === wanted && hours <= from && hours > until)
  }
  erp.faults.always(() => (isNow('the ERP is down') ? { is: 'answer', status: 503, body: 'down' } : null))
  let asked = 0
  shop.faults.always(() => {
    if (!isNow('the shop asks to slow down') || (asked += 1) % 4 > 0) return null
    return {
      is: 'answer',
      status: 429,
      headers: { 'retry-after': '20' },
      body: '{"code":"too_many_requests"}',
    }
  })
  return {
    isNow,
    slowed: handler => async request => {
      if (isNow('the ERP is slow') && !new URL(request.url).pathname.startsWith('/web/')) clock.leap(SLOW_MS)
      return handler(request)
    },
  }
}
