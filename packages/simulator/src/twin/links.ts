import type { Hint, LinkKey, NewLink, Unlinked, Unlinking } from '@linchpin/store'
import { write } from './journal.ts'
import { notify } from './notices.ts'
import { ordersThatTake, stockHints } from './stock.ts'
import { by, keyOf, setState, type LinkRow, type Tables } from './tables.ts'

/** One answer per request: a record's own link before one that it has as another name. */
export function findLinks(tables: Tables, requests: readonly LinkKey[]): readonly (string | null)[] {
  return requests.map(request => {
    const [best] = linksOf(tables, request).toSorted(
      by(
        link => Number(link.alias),
        link => link.target,
      ),
    )
    return best?.target ?? null
  })
}

export function isLinked(tables: Tables, key: LinkKey): boolean {
  return linksOf(tables, key).length > 0
}

function linksOf(
  tables: Tables,
  key: LinkKey,
): readonly { readonly alias: boolean; readonly target: string }[] {
  const { left, right, forward } = sides(key)
  return tables.links
    .filter(link => link.entity === key.entity && link.left === left && link.right === right)
    .filter(link => (forward ? link.leftId : link.rightId) === key.id)
    .map(link => ({ alias: link.alias, target: forward ? link.rightId : link.leftId }))
}

export function saveLink(tables: Tables, link: NewLink, now: number): 'linked' | 'taken' {
  const [taken] = addLinks(tables, [link], now)
  if (taken) return 'taken'
  wakeWaiting(tables, [link], now)
  notify(tables, stockHints(tables, ordersThatTake(tables, [link]), now), now)
  return 'linked'
}

export function unlink(tables: Tables, { who, ...key }: Unlinking, now: number): Unlinked {
  const [targetId] = findLinks(tables, [key])
  if (targetId === null || targetId === undefined) return { is: 'not linked' }
  const { entity, connection, id, to } = key
  const these = [...tables.deliveries.values()].filter(
    row =>
      row.entity === entity &&
      ((row.from === connection && row.id === id && row.to === to) ||
        (row.from === to && row.id === targetId && row.to === connection)),
  )
  if (these.some(row => row.state === 'running' || (row.intent !== null && row.state !== 'skipped')))
    return { is: 'under way' }
  const { left, right, forward } = sides(key)
  const [leftId, rightId] = forward ? [id, targetId] : [targetId, id]
  const isIt = (row: LinkRow) =>
    row.entity === entity &&
    row.left === left &&
    row.right === right &&
    row.leftId === leftId &&
    row.rightId === rightId
  removeLinks(tables, tables.links.filter(isIt), now)
  for (const row of these) {
    row.era += 1
    row.gen += 1
    Object.assign(row, { sentHash: null, force: true, expect: null, unansweredBy: null, doubtHash: '' })
  }
  const words = `No longer linked to ${targetId} of ${to}.`
  write(tables, [{ connection, entity, id, who, what: 'unlinked', words }], now)
  return { is: 'unlinked', targetId }
}

/** These stand no longer, from now on. */
export function removeLinks(tables: Tables, links: readonly LinkRow[], now: number): void {
  for (const link of links) {
    const key = nameOf(link)
    tables.unlinked.set(key, Math.max(link.at, now, tables.unlinked.get(key) ?? 0))
    tables.links.splice(tables.links.indexOf(link), 1)
  }
}

const nameOf = ({ entity, left, right, leftId, rightId }: Omit<LinkRow, 'at'>) =>
  keyOf(entity, left, right, leftId, rightId)

/** Answers those that could not be saved because one of their ends is linked otherwise. */
export function addLinks(tables: Tables, added: readonly NewLink[], now: number): readonly NewLink[] {
  const rows = added.map((link): LinkRow => {
    const { left, right, forward } = sides(link)
    const [leftId, rightId] = forward ? [link.id, link.targetId] : [link.targetId, link.id]
    const { entity, alias, how, flow } = link
    const row = { entity, left, leftId, right, rightId, alias, how, flow, missingIn: null }
    // What stands again is dated after what it was unlinked by.
    return { ...row, at: Math.max(now, (tables.unlinked.get(nameOf(row)) ?? -Infinity) + 1) }
  })
  const inOrder = rows.toSorted(
    by(...(['entity', 'left', 'leftId', 'right', 'rightId'] as const).map(column)),
  )
  for (const row of inOrder) if (!conflicts(tables, row)) tables.links.push(row)
  const targets = findLinks(tables, added)
  return added.filter((link, index) => targets[index] !== link.targetId)
}

const column = (name: 'entity' | 'left' | 'leftId' | 'right' | 'rightId') => (row: LinkRow) => row[name]

/** The primary key, and the two unique indexes over links that are no aliases. */
function conflicts(tables: Tables, row: LinkRow): boolean {
  return tables.links.some(
    link =>
      link.entity === row.entity &&
      link.left === row.left &&
      link.right === row.right &&
      ((link.leftId === row.leftId && link.rightId === row.rightId) ||
        (!link.alias && !row.alias && (link.leftId === row.leftId || link.rightId === row.rightId))),
  )
}

/** Whoever waits for these records goes on, from either side. */
export function wakeWaiting(tables: Tables, made: readonly NewLink[], now: number): void {
  if (made.length === 0) return
  const ends = new Set(
    made.flatMap(link => [
      keyOf(link.entity, link.connection, link.id, link.to),
      keyOf(link.entity, link.to, link.targetId, link.connection),
    ]),
  )
  const waiting = [...tables.waiting.values()].filter(row =>
    ends.has(keyOf(row.entity, row.from, row.fromId, row.to)),
  )
  const keys = new Set(waiting.map(row => keyOf(row.flow, row.id)))
  const woken = [...keys]
    .flatMap(key => tables.deliveries.get(key) ?? [])
    .filter(row => row.state === 'waiting' || row.state === 'skipped')
    .toSorted(by(row => row.seq))
  for (const row of woken) {
    setState(tables, row, 'ready')
    row.runAt = now
    row.seq = tables.deliverySeq += 1
    tables.rings.add(`deliveries ${row.to}`)
  }
}

function sides(key: { connection: string; to: string }) {
  const forward = key.connection < key.to
  return forward
    ? { left: key.connection, right: key.to, forward }
    : { left: key.to, right: key.connection, forward }
}

/** An order that was found to be there already is read again, and told to where it was placed. */
export function newsOf({
  entity,
  to,
  targetId,
}: Pick<NewLink, 'entity' | 'to' | 'targetId'>): readonly Hint[] {
  return entity === 'SalesOrder' ? [{ connection: to, entity, id: targetId, cause: 'link', force: true }] : []
}
