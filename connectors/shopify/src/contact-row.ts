import { z } from 'zod'

const text = z.string()
const maybe = text.nullish()

/** A person of a company: one of the shop's customers. */
export const contact = z.looseObject({
  id: text,
  title: maybe,
  isMainContact: z.boolean(),
  customer: z.looseObject({
    id: text,
    displayName: text,
    firstName: maybe,
    lastName: maybe,
    defaultEmailAddress: z.looseObject({ emailAddress: text }).nullish(),
    defaultPhoneNumber: z.looseObject({ phoneNumber: text }).nullish(),
  }),
})
export type CompanyContact = z.infer<typeof contact>
