import { accessError, badArguments, notFound } from './errors.ts'
import { confirmOrder, cancelOrder } from './sales.ts'
import { applyInventory, assign, validate } from './stock.ts'
import { post } from './accounting.ts'
import { load } from './load.ts'
import type { Domain } from './domain.ts'
import type { Find, Orm, Stored, Vals } from './orm.ts'
import type { Context } from './schema.ts'

export interface Invocation {
  readonly model: string
  readonly method: string
  readonly ids: readonly number[]
  /** By name. */
  readonly args: Readonly<Record<string, unknown>>
  readonly context: Context
}
interface Method {
  /** The names of its arguments, in order; those with a question mark may be left out. */
  readonly args: readonly string[]
  readonly right?: 'read' | 'write' | 'create' | 'unlink'
  readonly only?: string
  readonly run: (orm: Orm, how: Invocation) => unknown
}

/** The public methods that a connector may call: of every model, or of one. */
const methods: Readonly<Record<string, Method>> = {
  search: {
    args: ['domain', 'offset?', 'limit?', 'order?'],
    right: 'read',
    run: (orm, how) => found(orm, how).map(row => row.id),
  },
  search_count: { args: ['domain', 'limit?'], right: 'read', run: (orm, how) => found(orm, how).length },
  search_read: {
    args: ['domain?', 'fields?', 'offset?', 'limit?', 'order?'],
    right: 'read',
    run: (orm, how) => found(orm, how).map(row => shown(orm, how, row)),
  },
  read: {
    args: ['fields?', 'load?'],
    right: 'read',
    run: (orm, how) => how.ids.map(id => shown(orm, how, orm.need(how.model, id))),
  },
  create: {
    args: ['vals_list'],
    right: 'create',
    run: (orm, { model, args }) => {
      const list = args['vals_list'] as Vals | readonly Vals[]
      if (Array.isArray(list)) return (list as readonly Vals[]).map(vals => orm.create(model, vals).id)
      return orm.create(model, list as Vals).id
    },
  },
  write: {
    args: ['vals'],
    right: 'write',
    run: (orm, { model, ids, args }) => {
      orm.write(model, ids, args['vals'] as Vals)
      return true
    },
  },
  unlink: {
    args: [],
    right: 'unlink',
    run: (orm, { model, ids }) => {
      orm.unlink(model, ids)
      return true
    },
  },
  load: {
    args: ['fields', 'data'],
    right: 'create',
    run: (orm, { model, args }) => load(orm, model, args['fields'] as string[], args['data'] as string[][]),
  },
  fields_get: {
    args: ['allfields?', 'attributes?'],
    run: (orm, { model }) =>
      Object.fromEntries(Object.entries(orm.fieldsOf(model)).map(([name, { type }]) => [name, { type }])),
  },
  context_get: { args: [], only: 'res.users', run: () => ({ lang: 'en_US', tz: 'Europe/Brussels', uid: 2 }) },
  action_confirm: {
    args: [],
    only: 'sale.order',
    right: 'write',
    run: (orm, { ids }) => each(ids, id => confirmOrder(orm, id)),
  },
  action_cancel: {
    args: [],
    only: 'sale.order',
    right: 'write',
    run: (orm, { ids, context }) =>
      ids
        .map(id => cancelOrder(orm, id, context['disable_cancel_warning'] === true))
        .find(answer => answer !== true) ?? true,
  },
  action_lock: {
    args: [],
    only: 'sale.order',
    right: 'write',
    run: (orm, { ids }) => each(ids, id => orm.write('sale.order', [id], { locked: true })),
  },
  action_assign: {
    args: [],
    only: 'stock.picking',
    right: 'write',
    run: (orm, { ids }) => each(ids, id => assign(orm, id)),
  },
  button_validate: {
    args: [],
    only: 'stock.picking',
    right: 'write',
    run: (orm, { ids }) => each(ids, id => void validate(orm, id)),
  },
  action_apply_inventory: {
    args: [],
    only: 'stock.quant',
    right: 'write',
    run: (orm, { ids }) => each(ids, id => applyInventory(orm, [id])),
  },
  action_post: {
    args: [],
    only: 'account.move',
    right: 'write',
    run: (orm, { ids }) => each(ids, id => post(orm, id)),
  },
}

/** The method as this version knows it; rights are asked under another name before 18. */
function methodOf(orm: Orm, how: Invocation, denied: ReadonlySet<string>): Method {
  const allowed = (operation: unknown) => !denied.has(`${how.model}:${String(operation)}`)
  if (how.method === 'has_access' && orm.major >= 18)
    return { args: ['operation'], run: () => allowed(how.args['operation']) }
  if (how.method === 'check_access_rights' && orm.major < 18)
    return { args: ['operation', 'raise_exception?'], run: () => allowed(how.args['operation']) }
  const method = methods[how.method]
  if (method && (method.only === undefined || method.only === how.model)) return method
  throw notFound(`The method '${how.model}.${how.method}' does not exist`)
}

/** One call is one transaction; what it throws leaves nothing behind. */
export function invoke(
  orm: Orm,
  how: Invocation,
  denied: ReadonlySet<string>,
): { result: unknown; commit: () => void } {
  const { model, method } = how
  if (!orm.schema[model]) throw notFound(`the model '${model}' does not exist`)
  if (method.startsWith('_'))
    throw accessError(`Private methods (such as '${model}.${method}') cannot be called remotely.`)
  const called = methodOf(orm, how, denied)
  checkArguments(called, how)
  if (called.right && denied.has(`${model}:${called.right}`))
    throw accessError(
      `You are not allowed to ${called.right === 'read' ? 'access' : called.right} '${model}' records.`,
    )
  orm.context = how.context
  try {
    return orm.begin(() => called.run(orm, how))
  } finally {
    orm.context = {}
  }
}

/** Positional arguments, as /jsonrpc has them, by name. */
export function named(
  orm: Orm,
  how: Invocation,
  positional: readonly unknown[],
  denied: ReadonlySet<string>,
): Invocation {
  const { args } = methodOf(orm, how, denied)
  const given = positional.map((value, index) => [
    args[index]?.replace('?', '') ?? `argument ${index}`,
    value,
  ])
  return { ...how, args: { ...Object.fromEntries(given), ...how.args } }
}

function checkArguments(method: Method, how: Invocation): void {
  const known = method.args.map(name => name.replace('?', ''))
  for (const name of Object.keys(how.args))
    if (!known.includes(name)) throw badArguments(`got an unexpected keyword argument '${name}'`)
  for (const name of method.args)
    if (!name.endsWith('?') && !(name in how.args))
      throw badArguments(`missing a required argument: '${name}'`)
}

function found(orm: Orm, { model, args, context }: Invocation): Stored[] {
  const { domain = [], order, limit, offset } = args as Find & { domain?: Domain }
  return orm.search(model, domain, {
    context,
    ...(order && { order }),
    ...(limit && { limit }),
    ...(offset && { offset }),
  })
}

/** As the API tells it: whole seconds, `false` for nothing, a many2one with the name of what it is. */
function shown(orm: Orm, { model, args, context }: Invocation, row: Stored): Record<string, unknown> {
  const names = (args['fields'] as string[] | undefined) ?? Object.keys(orm.fieldsOf(model))
  const fields = names
    .filter(name => name !== 'id')
    .map(name => [name, shownValue(orm, model, row, name, context)])
  return { id: row.id, ...Object.fromEntries(fields) }
}

function shownValue(orm: Orm, model: string, row: Stored, name: string, context: Context): unknown {
  const value = orm.value(model, row, name, context)
  const field = orm.fieldsOf(model)[name]
  if (field?.type === 'many2one') {
    const target = typeof value === 'number' ? orm.get(field.relation ?? '', value) : undefined
    return target ? [target.id, orm.nameOf(field.relation ?? '', target)] : false
  }
  if (field?.type === 'datetime') return typeof value === 'string' ? value.slice(0, 19) : false
  return value === '' ? false : value
}

function each(ids: readonly number[], work: (id: number) => void): true {
  for (const id of ids) work(id)
  return true
}
