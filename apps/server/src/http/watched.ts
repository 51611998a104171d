import type { RouteName, Routes } from '@linchpin/api'
import { alertChannels, alertRules, apiKeys, people, person, type Db, type Desk } from '@linchpin/store'
import type { z } from 'zod'
import { idsOfCause } from '../desk/parked.ts'
import type { Linchpin } from '../linchpin.ts'

type Input<Name extends RouteName> = z.output<Routes[Name]['params']> & z.output<Routes[Name]['body']>
type Watched = {
  readonly [Name in RouteName]?: (linchpin: Linchpin, input: Input<Name>) => Promise<unknown>
}

/** How that stands now which an unsafe route is about: the audit log keeps it as it was before and after. */
const watched: Watched = {
  pauseConnection: (linchpin, { name }) => connectionPause(linchpin, name),
  resumeConnection: (linchpin, { name }) => connectionPause(linchpin, name),
  pauseFlow: (linchpin, { name }) => flowPause(linchpin, name),
  resumeFlow: (linchpin, { name }) => flowPause(linchpin, name),
  retry: (linchpin, which) => parkedOf(linchpin, which),
  skip: (linchpin, which) => parkedOf(linchpin, which),
  answer: (linchpin, { flow, id }) => parkedOf(linchpin, { flow, ids: [id] }),
  ignoreField: ({ desk }, which) => ignoredOf(desk, which),
  endIgnoring: ({ desk }, which) => ignoredOf(desk, which),
  addPerson: async ({ db }, { email }) =>
    (await people(db)).find(each => each.email.toLowerCase() === email.toLowerCase()) ?? null,
  changePerson: ({ db }, { id }) => person(db, id),
  invitePerson: ({ db }, { id }) => person(db, id),
  addApiKey: async ({ db }, { name }) => (await apiKeys(db)).filter(key => key.name === name),
  revokeApiKey: async ({ db }, { id }) => (await apiKeys(db)).find(key => key.id === id) ?? null,
  addAlertRule: async ({ db }, { name }) => (await alertRules(db)).filter(rule => rule.name === name),
  changeAlertRule: ({ db }, { id }) => alertRule(db, id),
  removeAlertRule: ({ db }, { id }) => alertRule(db, id),
  addAlertChannel: async ({ db }, { name }) => (await alertChannels(db)).filter(each => each.name === name),
  changeAlertChannel: ({ db }, { id }) => alertChannel(db, id),
  removeAlertChannel: ({ db }, { id }) => alertChannel(db, id),
  testAlertChannel: ({ db }, { id }) => alertChannel(db, id),
}

export async function stateOf(linchpin: Linchpin, name: RouteName, input: object): Promise<unknown> {
  const look = watched[name] as ((linchpin: Linchpin, input: object) => Promise<unknown>) | undefined
  return look === undefined ? null : look(linchpin, input)
}

const alertRule = async (db: Db, id: string) => (await alertRules(db)).find(each => each.id === id) ?? null
const alertChannel = async (db: Db, id: string) =>
  (await alertChannels(db)).find(each => each.id === id) ?? null

const ignoredOf = async (desk: Desk, { flow, field }: { flow: string; field: string }) =>
  (await desk.ignoredFields()).filter(each => each.flow === flow && each.field === field)

async function connectionPause({ store }: Linchpin, name: string) {
  return (await store.connections()).find(each => each.name === name)?.paused ?? null
}

async function flowPause({ store }: Linchpin, name: string) {
  return (await store.flows()).find(each => each.name === name)?.paused ?? null
}

const MOST = 200

/** Which are parked, without their words: these may name a customer. */
async function parkedOf(linchpin: Linchpin, which: Which) {
  const { flow, ids } = await named(linchpin, which)
  const { store } = linchpin
  const parked = await store.parked({ limit: 1000, ...(flow === undefined ? {} : { flow }) })
  const chosen = parked.filter(({ id }) => ids === undefined || ids.includes(id))
  const shown = chosen.slice(0, MOST).map(each => ({ flow: each.flow, id: each.id, state: each.state }))
  return { count: chosen.length, parked: shown }
}

interface Which {
  readonly flow?: string | undefined
  readonly ids?: readonly string[] | undefined
  readonly cause?: string | undefined
}

async function named(linchpin: Linchpin, which: Which): Promise<Which> {
  if (which.cause === undefined) return which
  const found = await idsOfCause(linchpin, which.cause)
  return { flow: found?.flow ?? which.flow, ids: which.ids ?? found?.ids ?? [] }
}
