import type { CarriedAnswer, SidesAnswer } from '@linchpin/api'
import {
  bothNow,
  sideBySide,
  UNDER_WAY,
  type Both,
  type Discrepancy,
  type FieldOfBoth,
  type Flow,
} from '@linchpin/engine'
import type { Canonical } from '@linchpin/model'
import type { IgnoredField } from '@linchpin/store'
import { headOf } from '../desk/head.ts'
import { masked } from '../desk/mask.ts'
import { Refusal } from '../http/problem.ts'
import { iso, isoOrNull } from '../http/status.ts'
import type { Linchpin } from '../linchpin.ts'
import { shownAt } from '../mapping/shown.ts'
import { askedSince, pushesOf, type Pair } from './push.ts'

const MOST = 400

/** A record and its counterpart, side by side, as both were last read. */
export async function sidesAnswer(linchpin: Linchpin, flow: Flow, id: string): Promise<SidesAnswer> {
  const { store } = linchpin
  const { entity, from, to } = flow
  const left = await store.record({ connection: from, entity, id })
  if (left === null) throw noRecord(flow, id)
  const [targetId] = await store.links([{ entity, connection: from, id, to }])
  const right = targetId == null ? null : await store.record({ connection: to, entity, id: targetId })
  const known = { left: left.readAt, right: right?.readAt ?? null }
  const both = {
    id,
    ours: left.canonical as Canonical,
    theirs: (right?.canonical ?? null) as Canonical | null,
  }
  const answer = await answerOf(linchpin, flow, both, targetId ?? null, known)
  return withFound(linchpin, flow, answer, { id, targetId: targetId ?? null }, known.right)
}

/** The same as both systems have them now. */
export async function sidesNow(linchpin: Linchpin, flow: Flow, id: string): Promise<SidesAnswer> {
  const { engine, store, now } = linchpin
  const both = await bothNow(flow.name, id, { ...engine.reading, ...engine.delivering })
  if (both === null) throw notNow(flow, id)
  const [targetId] = await store.links([{ entity: flow.entity, connection: flow.from, id, to: flow.to }])
  return answerOf(linchpin, flow, both, targetId ?? null, { left: now(), right: both.theirs && now() })
}

const notNow = ({ from, entity }: Flow, id: string) =>
  new Refusal(
    404,
    'no-record',
    `${from} does not have ${entity} ${id} now, or it cannot be read as one. "linchpin trace" of its number shows why.`,
  )

const noRecord = ({ from, entity }: Flow, id: string) =>
  new Refusal(404, 'no-record', `${from} has no ${entity} ${id} that was read.`)

async function answerOf(
  linchpin: Linchpin,
  flow: Flow,
  both: Both,
  targetId: string | null,
  readAt: { readonly left: number; readonly right: number | null },
): Promise<SidesAnswer> {
  const { entity, from, to } = flow
  const { engine, changes } = linchpin
  const carried = both.ours === null ? [] : await sideBySide(both, flow, engine.delivering)
  const ignored = changes.ignoredIn(flow.name)
  const pushes = await pushesOf(linchpin, flow, { id: both.id, targetId })
  return {
    flow: flow.name,
    left: headOf({ connection: from, entity, id: both.id }, both.ours),
    right: targetId === null ? null : headOf({ connection: to, entity, id: targetId }, both.theirs),
    leftReadAt: iso(readAt.left),
    rightReadAt: isoOrNull(readAt.right),
    comparedAt: null,
    carried: carried.map(each => carriedAnswer(each, flow, ignoredAt(ignored, each.field, both.id))),
    pushes: pushes.map(push => ({ ...push, askedAt: null })),
    fields: allValues(both, flow),
  }
}

function carriedAnswer(
  { ours, theirs, ...each }: FieldOfBoth,
  { entity }: Flow,
  ignored: IgnoredField | null,
): CarriedAnswer {
  const shown = (value: unknown) => shownAt(each.field, value, entity)
  const how = ignored && { id: ignored.id, since: iso(ignored.since), who: ignored.who, why: ignored.why }
  return { ...each, left: shown(ours), right: shown(theirs), ignored: how }
}

/** In this record, or else in all of them. */
function ignoredAt(ignored: readonly IgnoredField[], field: string, id: string): IgnoredField | null {
  const found = ignored.filter(each => each.field === field)
  return found.find(each => each.id === id) ?? found.find(each => each.id === null) ?? null
}

/** What the last comparison found stands until the next one, whatever was asked to be done about it since. */
async function withFound(
  linchpin: Linchpin,
  flow: Flow,
  answer: SidesAnswer,
  pair: Pair,
  readAt: number | null,
): Promise<SidesAnswer> {
  const of = { side: 'source', id: pair.id } as const
  const [found] = await linchpin.store.discrepancies({ flow: flow.name, limit: 1, of })
  if (found === undefined) return answer
  const isNewer = found.kind !== UNDER_WAY && found.at >= (readAt ?? 0)
  const told = isNewer ? { ...answer, ...differences(found, flow, answer) } : answer
  if (told.carried.every(({ same }) => same !== false)) return told
  const asked = await askedSince(linchpin, flow, pair, found.at)
  return {
    ...told,
    pushes: told.pushes.map(push => ({ ...push, askedAt: isoOrNull(asked.get(push.to) ?? null) })),
  }
}

/** Comparing reads both sides and keeps neither: where it differed, what it found may be newer than what was read. */
function differences(
  one: { readonly detail: unknown; readonly at: number },
  flow: Flow,
  answer: SidesAnswer,
): Pick<SidesAnswer, 'carried' | 'comparedAt'> {
  const { fields = [] } = one.detail as Partial<Discrepancy>
  const shown = (field: string, value: unknown) => shownAt(field, value, flow.entity)
  const carried = answer.carried.map(each => {
    const other = fields.find(({ field }) => field === each.field)
    return other === undefined
      ? each
      : { ...each, left: shown(each.field, other.ours), right: shown(each.field, other.theirs), same: false }
  })
  return { comparedAt: iso(one.at), carried }
}

function allValues({ ours, theirs }: Both, { entity }: Flow): SidesAnswer['fields'] {
  const [left, right] = [ours, theirs].map(each => new Map(leavesOf(masked(each, entity))))
  const names = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])]
  return names.slice(0, MOST).map(field => {
    const [here, there] = [left?.get(field) ?? null, right?.get(field) ?? null]
    return { field, left: here, right: there, same: sameValue(here, there) }
  })
}
function leavesOf(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value))
    return value.flatMap((each: unknown, index) => leavesOf(each, `${path}[${index}]`))
  if (typeof value !== 'object' || value === null)
    return value === null || value === '' ? [] : [[path, value]]
  return Object.entries(value).flatMap(([name, each]) =>
    leavesOf(each, path === '' ? name : `${path}.${name}`),
  )
}

/** 19.9 and 19.90 are one amount. */
function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true
  const isFigure = [left, right].every(each => typeof each === 'string' && /^-?\d+(\.\d+)?$/.test(each))
  return isFigure && plain(String(left)) === plain(String(right))
}

const plain = (figure: string) => (figure.includes('.') ? figure.replace(/\.?0+$/, '') : figure)
