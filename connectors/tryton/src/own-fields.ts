import { Problem } from '@linchpin/connector'
import { equal } from '@linchpin/model'
import { z } from 'zod'
import { remembered, type Session } from './session.ts'
import { decode, wire } from './wire.ts'

/** Fields of the operator's own modules (or ones that no flow fills), by Tryton's names: an operator's mapping adds them. */
export const ownFields = z.record(z.string(), z.json()).optional()
type Wanted = z.infer<typeof ownFields>
type Values = Readonly<Record<string, unknown>>

/**
 * What is to be written of them to each of these models, as the wire wants it; a field goes to the first that has it.
 * `ours` names what the writer sets itself, which two hands would change in turn.
 */
export async function ownValues<Model extends string>(
  session: Session,
  wanted: Wanted,
  models: readonly Model[],
  ours: readonly string[],
): Promise<Readonly<Record<Model, Values>>> {
  const values = new Map<Model, Record<string, unknown>>(models.map(model => [model, {}]))
  for (const [name, value] of Object.entries(wanted ?? {})) {
    if (name === 'id' || ours.includes(name))
      throw new Problem('refused', `Linchpin itself fills ${name}. Take fields.${name} out of the mapping.`)
    const types = await Promise.all(models.map(model => typesOf(session, model)))
    const at = types.findIndex(each => each.has(name))
    const model = models[at]
    if (model === undefined)
      throw new Problem(
        'refused',
        `Tryton's ${models.join(' and ')} has no field ${name}. Correct fields.${name} in the mapping, or install its module.`,
      )
    values.set(model, { ...values.get(model), [name]: wireValue(name, value, types[at]?.get(name)) })
  }
  return Object.fromEntries(values) as Record<Model, Values>
}

/** Whether a field, as it is read, already says what is to be written. */
export function saysTheSame(there: unknown, wanted: unknown): boolean {
  const value = decode(wanted)
  const isDecimal = typeof wanted === 'object' && typeof value === 'string' && typeof there === 'string'
  if (isDecimal && [there, value].every(text => /^-?\d+(\.\d+)?$/.test(text))) return equal(there, value)
  return JSON.stringify(there ?? null) === JSON.stringify(value)
}

function wireValue(name: string, value: unknown, type = ''): unknown {
  if (value === null || value === undefined || value === '') return null
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const read = READERS[type]
  if (read === undefined) return value
  if (!read.fits.test(text))
    throw new Problem(
      'refused',
      `Tryton's ${name} is of type ${type}, and "${text}" is none. Correct the mapping.`,
    )
  return read.as(text)
}

const NUMBER = /^-?\d+(\.\d+)?$/
const READERS: Readonly<Record<string, { fits: RegExp; as: (text: string) => unknown }>> = {
  char: { fits: /./, as: String },
  text: { fits: /./, as: String },
  numeric: { fits: NUMBER, as: wire.decimal },
  float: { fits: NUMBER, as: Number },
  integer: { fits: /^-?\d+$/, as: Number },
  many2one: { fits: /^\d+$/, as: Number },
  date: { fits: /^\d{4}-\d\d-\d\d$/, as: wire.date },
  datetime: { fits: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, as: wire.datetime },
}

/** With no names, `fields_get` tells all fields. */
function typesOf(session: Session, model: string): Promise<ReadonlyMap<string, string>> {
  return remembered(session, `fields of ${model}`, async () => {
    const fields = await session.client.ask(DEFINITIONS, `model.${model}.fields_get`, [[]])
    return new Map(Object.entries(fields).map(([name, { type }]) => [name, type]))
  })
}

const DEFINITIONS = z.record(z.string(), z.looseObject({ type: z.string() }))
