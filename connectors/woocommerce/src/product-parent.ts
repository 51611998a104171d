import { Problem } from '@linchpin/connector'
import { list, record, Refusal, type Session } from './client.ts'
import type { RawProduct } from './product-row.ts'
import { metaValue } from './wire.ts'

const GROUP = '_linchpin_group'

interface Family {
  /** The parent, when the variation is in the shop already. */
  readonly known: number | null
  readonly group: { readonly id: string; readonly name: string; readonly options: readonly Option[] }
  readonly key: string
  readonly status: 'publish' | 'draft' | undefined
}
interface Option {
  readonly name: string
  readonly value: string
}

/**
 * The id of the variable product that this variation belongs to, with the name and the options it needs. It is found
 * again by an SKU made of our group, since WooCommerce cannot be searched by meta (`meta_key` is ignored without a word).
 */
export function ensureParent(session: Session, family: Family): Promise<number> {
  return session.alone(`group ${family.group.id}`, async () => {
    const mark = markOf(family)
    const found = family.known === null ? await bySku(session, mark) : await byId(session, family.known)
    if (!found) return create(session, family, mark)
    if (family.known === null && metaValue(found, GROUP) !== mark)
      throw new Problem(
        'refused',
        `The SKU ${mark} is taken by another product of the shop (${found.id}). Change it there.`,
      )
    await adapt(session, found, family)
    return found.id
  })
}

/** 'erp/Product/17' and group 4 → 'erp-group-4'. */
function markOf({ key, group }: Family): string {
  return `${key.split('/')[0] ?? ''}-group-${group.id}`
}

async function bySku(session: Session, sku: string): Promise<RawProduct | null> {
  const found = await list<RawProduct>(session, '/products', { sku })
  return found.find(each => each.sku === sku) ?? null
}

function byId(session: Session, id: number): Promise<RawProduct> {
  return record<RawProduct>(session, 'GET', `/products/${id}`)
}

async function create(session: Session, { group, status }: Family, mark: string): Promise<number> {
  const { id } = await record<RawProduct>(session, 'POST', '/products', {
    name: group.name,
    type: 'variable',
    sku: mark,
    status: status ?? 'publish',
    attributes: withOptions([], group.options),
    meta_data: [{ key: GROUP, value: mark }],
  }).catch((problem: unknown) => {
    if (problem instanceof Refusal && problem.code === 'product_invalid_sku')
      throw new Problem('passing', `Product ${mark} was just made by someone else. We try again.`)
    throw problem
  })
  return id
}

/** New values of an option join the old ones: one that is missing at the parent cannot be chosen in the shop. */
async function adapt(session: Session, parent: RawProduct, { group, status }: Family): Promise<void> {
  const before = parent.attributes.flatMap(each => ('options' in each ? [each as Attribute] : []))
  const after = withOptions(before, group.options)
  const isNew = JSON.stringify(after) !== JSON.stringify(before)
  const isRenamed = parent.name !== group.name
  const isHidden = status === 'publish' && parent.status === 'draft'
  if (!isNew && !isRenamed && !isHidden) return
  await record<RawProduct>(session, 'PUT', `/products/${parent.id}`, {
    ...(isNew && { attributes: after }),
    ...(isRenamed && { name: group.name }),
    ...(isHidden && { status }),
  })
}

interface Attribute {
  readonly name: string
  readonly variation: boolean
  readonly visible?: boolean
  readonly options: readonly string[]
}

function withOptions(attributes: readonly Attribute[], options: readonly Option[]): Attribute[] {
  const all = [...attributes]
  for (const { name, value } of options) {
    const at = all.findIndex(each => each.name === name)
    const known = all[at]
    if (!known) all.push({ name, variation: true, options: [value], visible: true })
    else if (!known.options.includes(value)) all[at] = { ...known, options: [...known.options, value] }
  }
  return all
}
