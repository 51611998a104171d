import { beginningOf, type InnerList } from './inner-list.ts'
import { metafieldSelection, metafieldsOf } from './metafield-list.ts'
import { wireCharge, wireLine, type WireCharge, type WireLine } from './order-wire.ts'

export const shop = 'shopMoney { amount }'
const taxLines = `taxLines { title ratePercentage priceSet { ${shop} } }`
const allocations = `discountAllocations { allocatedAmountSet { ${shop} }
    discountApplication { index targetType allocationMethod
      ... on DiscountCodeApplication { code } ... on ManualDiscountApplication { title }
      ... on AutomaticDiscountApplication { title } ... on ScriptDiscountApplication { title } } }`
const address = 'name company address1 address2 city provinceCode zip countryCodeV2 phone'

const line = `id name title sku quantity currentQuantity isGiftCard requiresShipping variant { id } product { id }
  originalUnitPriceSet { ${shop} } ${allocations} ${taxLines} customAttributes { key value }`
export const orderLines: InnerList<WireLine> = {
  name: 'OrderLines',
  type: 'Order',
  field: 'lineItems',
  selection: line,
  schema: wireLine,
  first: 20,
  more: 50,
}

const charge = `id title code originalPriceSet { ${shop} } ${allocations} ${taxLines}`
export const orderCharges: InnerList<WireCharge> = {
  name: 'OrderCharges',
  type: 'Order',
  field: 'shippingLines',
  selection: charge,
  schema: wireCharge,
  first: 5,
  more: 25,
}

/** All but its lists. Money is that of the shop; of the sum, also that which the customer saw. */
const itself = `id name createdAt processedAt updatedAt cancelledAt cancelReason closedAt confirmed test
    currencyCode presentmentCurrencyCode taxesIncluded dutiesIncluded displayFinancialStatus displayFulfillmentStatus
    email phone customerLocale poNumber note sourceName tags customAttributes { key value }
    customer { id displayName firstName lastName taxExempt
      defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
    purchasingEntity { ... on PurchasingCompany { company { id name externalId } contact { id }
      location { id name externalId taxSettings { taxRegistrationId taxExempt } } } }
    paymentTerms { paymentTermsName }
    billingAddress { ${address} } shippingAddress { ${address} }
    additionalFees { id name price { ${shop} } ${taxLines} } originalTotalDutiesSet { ${shop} }
    transactions { id kind status gateway formattedGateway paymentId processedAt amountSet { ${shop} }
      parentTransaction { id } }
    totalPriceSet { shopMoney { amount } presentmentMoney { amount } }
    totalTipReceivedSet { ${shop} } totalRefundedSet { ${shop} }
    subtotalLineItemsQuantity currentSubtotalLineItemsQuantity`

export const orderMetafields = metafieldsOf('Order', 20)

/** What is asked of an order. */
export const orderSelection = `${itself} ${[orderLines, orderCharges, orderMetafields].map(beginningOf).join(' ')}`

/** The same of all orders. What has no id, as charges of shipping, cannot be listed in bulk: there is a field for the first. */
export const ordersInBulk = `{ orders { edges { node { ${itself}
  shippingLine { ${charge} } totalShippingPriceSet { ${shop} }
  lineItems { edges { node { __typename ${line} } } }
  metafields { edges { node { __typename ${metafieldSelection} } } } } } } }`
