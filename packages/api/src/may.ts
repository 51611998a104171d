import type { Right } from './rights.ts'
import type { RouteName } from './routes.ts'

/** Who may ask a route: whoever has this right, whoever is signed in, or anyone at all. */
export type Rule = Right | 'signed in' | 'anyone'

/**
 * The rule of every route, in one place. A route that is not here does not compile. The server refuses everybody whom
 * the rule does not let in, before it reads what they send.
 */
export const may: Readonly<Record<RouteName, Rule>> = {
  status: 'look',
  trace: 'look',
  parked: 'look',
  retry: 'operate',
  skip: 'operate',
  answer: 'operate',
  sync: 'operate',
  replay: 'operate',
  plan: 'operate',
  apply: 'operate',
  match: 'operate',
  reconcile: 'operate',
  testConnection: 'operate',
  pauseConnection: 'operate',
  resumeConnection: 'operate',
  pauseFlow: 'operate',
  resumeFlow: 'operate',
  load: 'operate',
  loads: 'look',
  recoverConnection: 'operate',
  link: 'operate',
  unlink: 'operate',

  home: 'look',
  setCredential: 'build',
  search: 'look',
  timeline: 'look',
  reveal: 'reveal',
  comment: 'comment',
  correct: 'operate',
  causes: 'look',
  parkedPage: 'look',
  progress: 'look',
  flow: 'look',
  flowRuns: 'look',
  connection: 'look',
  webhooks: 'look',

  mappings: 'look',
  mapping: 'look',
  mappingRecords: 'look',
  // An expression of one's own can carry what is masked into a field that is not.
  previewMapping: 'build',
  compareMapping: 'build',
  saveMapping: 'build',
  liveMapping: 'build',
  mended: 'look',
  seenValues: 'look',

  comparisons: 'look',
  comparison: 'look',
  sides: 'look',
  stock: 'look',
  readSides: 'operate',
  push: 'operate',
  ignored: 'look',
  ignoreField: 'operate',
  endIgnoring: 'operate',

  alerts: 'look',
  alertMessages: 'look',
  alertRule: 'look',
  alertChannel: 'look',
  addAlertRule: 'alert',
  changeAlertRule: 'alert',
  removeAlertRule: 'alert',
  addAlertChannel: 'alert',
  changeAlertChannel: 'alert',
  removeAlertChannel: 'alert',
  testAlertChannel: 'alert',

  me: 'anyone',
  signIn: 'anyone',
  enterDemo: 'anyone',
  setUp: 'anyone',
  acceptInvitation: 'anyone',
  signOut: 'signed in',
  changePassword: 'signed in',
  mySessions: 'signed in',
  endMySession: 'signed in',

  setUpLink: 'people',
  people: 'people',
  person: 'people',
  addPerson: 'people',
  changePerson: 'people',
  invitePerson: 'people',
  sessions: 'people',
  endSession: 'people',
  endSessionsOf: 'people',
  apiKeys: 'people',
  addApiKey: 'people',
  revokeApiKey: 'people',

  audit: 'audit',
  verifyAudit: 'audit',
}

/** These are asked with a body, and change nothing. */
const ASKS: ReadonlySet<RouteName> = new Set([
  'plan',
  'match',
  'progress',
  'readSides',
  'previewMapping',
  'compareMapping',
])

/** These show people's data to who has the right `reveal`, and mask it for everybody else. */
const SHOWS: ReadonlySet<RouteName> = new Set(['plan', 'match'])

/** Whether who has these rights is shown people's data by it: then that is written down, though nothing changes. */
export const reveals = (name: RouteName, rights: readonly Right[]) =>
  SHOWS.has(name) && rights.includes('reveal')

/** Whether such a call changes nothing, though it has a body: then nothing is written down about it. */
export const onlyAsks = (name: RouteName, input: { readonly dryRun?: unknown }) =>
  ASKS.has(name) || input.dryRun === true

export function allows(rule: Rule, who: { readonly signedIn: boolean; readonly rights: readonly string[] }) {
  if (rule === 'anyone') return true
  return rule === 'signed in' ? who.signedIn : who.rights.includes(rule)
}
