/**
 * Tells Linchpin at once that an order, product or customer changed. Linchpin works without it, by asking every few
 * minutes; what a notification does not reach it (Linchpin down, network broken) it then finds by asking.
 *
 * Copy this file into your Vendure project and add to the `plugins` of your config:
 *
 *     LinchpinPlugin.init({ url: 'https://linchpin.example.com/webhooks/shop', secret: process.env.LINCHPIN_SECRET })
 *
 * and give Linchpin the same secret (`webhookSecret`, 16 characters at least). It sends the kind and id of a record,
 * nothing else of it, signed by HMAC-SHA256. Tried with Vendure 3.7.3.
 */
const { createHmac } = require('node:crypto')
const core = require('@vendure/core')

class LinchpinPlugin {
  static init(options) {
    LinchpinPlugin.options = options
    return LinchpinPlugin
  }

  constructor(eventBus) {
    this.eventBus = eventBus
  }

  /** Vendure hands an event over once its transaction is committed, so what Linchpin reads then is the new state. */
  onApplicationBootstrap() {
    this.on(core.OrderEvent, ({ order }) => this.tell('SalesOrder', [order.id]))
    this.on(core.OrderStateTransitionEvent, ({ order }) => this.tell('SalesOrder', [order.id]))
    this.on(core.PaymentStateTransitionEvent, ({ order }) => this.tell('SalesOrder', [order.id]))
    this.on(core.RefundStateTransitionEvent, ({ order }) => this.tell('SalesOrder', [order.id]))
    this.on(core.ProductVariantEvent, ({ entity }) =>
      this.tell(
        'Product',
        [entity].flat().map(({ id }) => id),
      ),
    )
    this.on(core.CustomerEvent, ({ entity }) => this.tell('Account', [entity.id]))
  }

  on(event, then) {
    this.eventBus.ofType(event).subscribe(told => void then(told).catch(warn))
  }

  async tell(entity, ids) {
    const { url, secret } = LinchpinPlugin.options
    for (const id of ids) {
      const body = JSON.stringify({ entity, id: String(id) })
      const signature = createHmac('sha256', secret).update(body).digest('hex')
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-linchpin-signature': signature },
        body,
        signal: AbortSignal.timeout(10_000),
      })
      if (!response.ok) warn(new Error(`Linchpin answered ${response.status}.`))
    }
  }
}

function warn(error) {
  core.Logger.warn(
    `Linchpin was not told of a change; it will find it by itself. ${error.message}`,
    'Linchpin',
  )
}

// What TypeScript's decorators would write.
Reflect.defineMetadata('design:paramtypes', [core.EventBus], LinchpinPlugin)
core.VendurePlugin({ imports: [core.PluginCommonModule] })(LinchpinPlugin)

module.exports = { LinchpinPlugin }
