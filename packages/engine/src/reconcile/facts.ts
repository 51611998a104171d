import type { LinkRequest } from '@linchpin/mapping'
import { textHash, type Canonical } from '@linchpin/model'
import type { Flow, Setup } from '../setup.ts'
import { carried, isDocument, likeness, statesOf, totalOf } from './compare.ts'

/** What a flow carries of one record, each field as a hash. */
export type Facts = Readonly<Record<string, string>>

/** Of either side, in the target's words: two records agree when each fact that both have is the same. */
export function factsOf(
  record: Canonical,
  flow: Flow,
  setup: Setup,
  link: (request: LinkRequest) => string | null,
): Facts {
  if (isDocument(flow.entity)) return documentFacts(record, flow)
  // A flow that only finds records there and never changes them owns none of their fields.
  if (!flow.update) return {}
  const ignored = ignoredBy(flow)
  const facts: Record<string, string> = {}
  for (const { name, outcome, adds } of carried(
    setup.writeMapping(flow),
    setup.readMapping(flow.to, flow.entity),
    record,
    link,
  ))
    if (!ignored(name)) facts[name] = adds ? UNSURE : hashOf(outcome)
  return facts
}

function documentFacts(record: Canonical, { entity }: Flow): Facts {
  const states = statesOf(entity, record)
  const total = totalOf(record)
  const facts = Object.entries(states).map(([name, value]) => [name, hashOf(value)])
  // What both called off may have a total of zero on one side.
  if (total !== null && states['cancelled'] !== true)
    facts.push(['total', hashOf(`${decimal(total.amount)} ${total.currency}`)])
  return Object.fromEntries(facts) as Facts
}

const decimal = (amount: string) => (amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount)

/** Nothing has a hash of its own: a field that the source leaves out is none that could differ. */
const NOTHING = ''
/** Only a second look, with both records at hand, can tell. */
const UNSURE = '?'
const hashOf = (value: unknown) => (value === undefined ? NOTHING : hashOfText(likeness(value)))

/** Whether it is sold, its tax, its unit: what is short is the same in a million records, and hashed once. */
const known = new Map<string, string>()
const [LONGEST_KNOWN, MOST_KNOWN] = [8, 1_000]

function hashOfText(text: string): string {
  const found = text.length > LONGEST_KNOWN ? undefined : known.get(text)
  if (found !== undefined) return found
  const made = textHash(text).slice(0, 12)
  if (text.length <= LONGEST_KNOWN && known.size < MOST_KNOWN) known.set(text, made)
  return made
}

export function agree(source: Facts, target: Facts, isIgnored: (field: string) => boolean): boolean {
  return Object.entries(source).every(
    ([name, hash]) =>
      hash === NOTHING ||
      target[name] === undefined ||
      (hash !== UNSURE && target[name] === hash) ||
      isIgnored(name),
  )
}

/** By the flow's policy: such a field is not even kept. */
function ignoredBy({ heal }: Pick<Flow, 'heal'>): (field: string) => boolean {
  return field => (heal?.fields[field] ?? heal?.otherwise) === 'ignore'
}

/** By the flow's policy or by a person, who may take it back: what was kept of such a field still tells, then. */
export function leftOut(flow: Flow, { live }: Pick<Setup, 'live'>, id: string): (field: string) => boolean {
  const byPolicy = ignoredBy(flow)
  return field => byPolicy(field) || live.ignores(flow.name, field, id)
}
