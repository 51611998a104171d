import type { SidesAnswer } from '@linchpin/api'
import type { Flow } from '@linchpin/engine'
import { headOf } from '../desk/head.ts'
import { masked } from '../desk/mask.ts'
import { Refusal } from '../http/problem.ts'
import { iso, isoOrNull } from '../http/status.ts'
import type { Linchpin } from '../linchpin.ts'

const MOST = 400

/** A record and its counterpart, side by side: every value that either of them has. */
export async function sidesAnswer({ store }: Linchpin, flow: Flow, id: string): Promise<SidesAnswer> {
  const { entity, from, to } = flow
  const left = await store.record({ connection: from, entity, id })
  if (left === null) throw new Refusal(404, 'no-record', `${from} has no ${entity} ${id} that was read.`)
  const [targetId] = await store.links([{ entity, connection: from, id, to }])
  const key = { connection: to, entity, id: targetId ?? '' }
  const right = targetId == null ? null : await store.record(key)
  const [ours, theirs] = [left.canonical, right?.canonical].map(
    each => new Map(leavesOf(masked(each ?? null, entity))),
  )
  const names = [...new Set([...(ours ?? new Map()).keys(), ...(theirs ?? new Map()).keys()])] as string[]
  return {
    flow: flow.name,
    left: headOf(left, left.canonical),
    right: targetId == null ? null : headOf(key, right?.canonical ?? null),
    leftReadAt: iso(left.readAt),
    rightReadAt: isoOrNull(right?.readAt ?? null),
    fields: names.slice(0, MOST).map(field => {
      const [here, there] = [ours?.get(field) ?? null, theirs?.get(field) ?? null]
      return { field, left: here, right: there, same: sameValue(here, there) }
    }),
  }
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
