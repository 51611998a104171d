import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { accept, userErrors } from './errors.ts'
import type { OrderFulfilments } from './fulfilment-list.ts'
import { gid } from './ids.ts'
import type { Session } from './session.ts'
import type { Parcel } from './shipment-lines.ts'
import type { ShipmentRow } from './shipment-row.ts'
import type { ShipmentWrite } from './shipment-writer.ts'

/** Sends what leaves from one place; answers the fulfilment's id. */
export async function fulfil(
  session: Session,
  { name }: OrderFulfilments,
  { parts }: Parcel,
  row: ShipmentWrite,
): Promise<string> {
  const orders = [...new Set(parts.map(({ fulfilmentOrder }) => fulfilmentOrder))]
  const { fulfillmentCreate } = await session.client.ask(fulfilling, {
    fulfillment: {
      notifyCustomer: session.settings.notifyCustomers,
      trackingInfo: trackingOf(row),
      lineItemsByFulfillmentOrder: orders.map(order => ({
        fulfillmentOrderId: gid('FulfillmentOrder', order),
        fulfillmentOrderLineItems: parts
          .filter(({ fulfilmentOrder }) => fulfilmentOrder === order)
          .map(({ line, quantity }) => ({ id: gid('FulfillmentOrderLineItem', line), quantity })),
      })),
    },
  })
  accept(fulfillmentCreate.userErrors, `Shipment ${row.number} of order ${name} cannot be added in Shopify`)
  if (fulfillmentCreate.fulfillment) return fulfillmentCreate.fulfillment.id
  throw new Problem('surprise', `Shopify added shipment ${row.number} and does not show it to us.`)
}

/** What the ERP says of a shipment that is there: other numbers, that it arrived, or that it was called back. */
export async function reach(
  session: Session,
  { name }: OrderFulfilments,
  there: ShipmentRow,
  row: ShipmentWrite,
): Promise<void> {
  const what = `Shipment ${row.number} of order ${name} cannot be changed in Shopify`
  for (const id of (there.id.split('/')[1] ?? '').split('+')) {
    const fulfillment = gid('Fulfillment', id)
    if (row.status === 'cancelled') {
      if (there.status === 'CANCELLED') continue
      accept((await session.client.ask(cancelling, { id: fulfillment })).fulfillmentCancel.userErrors, what)
      continue
    }
    if (isOtherTracking(there, row)) {
      const given = { id: fulfillment, tracking: trackingOf(row), notify: session.settings.notifyCustomers }
      accept((await session.client.ask(correcting, given)).fulfillmentTrackingInfoUpdate.userErrors, what)
    }
    if (row.status === 'delivered' && there.displayStatus !== 'DELIVERED') {
      const event = { fulfillmentId: fulfillment, status: 'DELIVERED' }
      accept((await session.client.ask(telling, { event })).fulfillmentEventCreate.userErrors, what)
    }
  }
}

function isOtherTracking(there: ShipmentRow, { tracking }: ShipmentWrite): boolean {
  const shown = there.tracking.map(({ number }) => number)
  return tracking.length > 0 && tracking.map(({ number }) => number).join('\n') !== shown.join('\n')
}

/** Shopify makes the link itself for carriers that it knows; as many links as numbers, or none. */
function trackingOf({ carrier, tracking }: ShipmentWrite): object {
  const urls = tracking.flatMap(({ url }) => url ?? [])
  return {
    numbers: tracking.map(({ number }) => number),
    ...(carrier !== undefined && { company: carrier }),
    ...(urls.length > 0 && urls.length === tracking.length && { urls }),
  }
}

const createdData = z.object({
  fulfillmentCreate: z.object({ fulfillment: z.object({ id: z.string() }).nullable(), userErrors }),
})
export const fulfilling: Operation<z.infer<typeof createdData>> = {
  text: `mutation Fulfill($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } } }`,
  data: createdData,
}

const cancelledData = z.object({ fulfillmentCancel: z.object({ userErrors }) })
export const cancelling: Operation<z.infer<typeof cancelledData>> = {
  text: `mutation CancelFulfillment($id: ID!) { fulfillmentCancel(id: $id) { userErrors { field message } } }`,
  data: cancelledData,
}

const correctedData = z.object({ fulfillmentTrackingInfoUpdate: z.object({ userErrors }) })
export const correcting: Operation<z.infer<typeof correctedData>> = {
  text: `mutation CorrectTracking($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean!) {
    fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify) {
      userErrors { field message } } }`,
  data: correctedData,
}

const toldData = z.object({ fulfillmentEventCreate: z.object({ userErrors }) })
export const telling: Operation<z.infer<typeof toldData>> = {
  text: `mutation TellDelivery($event: FulfillmentEventInput!) {
    fulfillmentEventCreate(fulfillmentEvent: $event) { userErrors { field message } } }`,
  data: toldData,
}
