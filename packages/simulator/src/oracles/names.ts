import type { World } from '../world/world.ts'

/** What somebody called a customer last is what both sides say, unless the other side had just said something else. */
export function nameWrongs({ plan, names, shops, erp }: World): readonly string[] {
  if (!plan.people.renames) return []
  return [...names.last()].flatMap(([customer, name]) => {
    const [shop = '', id = ''] = customer.split('/')
    const account = erp.rows('accounts').find(row => row.key === `${shop}/Account/${id}`)
    // Nobody has ordered as this one yet.
    if (account === undefined) return []
    const here = shops.find(each => each.name === shop)?.row('customers', id)
    const said = { [shop]: here?.fields['name'], [erp.name]: account.fields['name'] }
    return Object.entries(said).flatMap(([side, shows]) =>
      shows === name
        ? []
        : [`customer ${customer} was last named ${name}, and is ${String(shows)} in ${side}`],
    )
  })
}
