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
  plan: 'operate',
  apply: 'operate',
  match: 'operate',
  reconcile: 'operate',
  testConnection: 'operate',
  pauseConnection: 'operate',
  resumeConnection: 'operate',
  pauseFlow: 'operate',
  resumeFlow: 'operate',
  recoverConnection: 'operate',
  link: 'operate',
  load: 'operate',
  loads: 'look',
  flowRuns: 'look',

  home: 'look',
  search: 'look',
  timeline: 'look',
  reveal: 'reveal',
  comment: 'comment',
  causes: 'look',
  parkedPage: 'look',
  progress: 'look',
  flow: 'look',
  connection: 'look',
  webhooks: 'look',
  correct: 'operate',

  comparisons: 'look',
  comparison: 'look',
  sides: 'look',
  stock: 'look',

  mappings: 'look',
  mapping: 'look',
  mappingRecords: 'look',
  mended: 'look',
  seenValues: 'look',
  previewMapping: 'look',
  compareMapping: 'look',
  saveMapping: 'build',
  liveMapping: 'build',

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

/** These are asked with a body, and change nothing: nothing is written down about them. */
export const onlyAsks: ReadonlySet<RouteName> = new Set([
  'plan',
  'match',
  'progress',
  'previewMapping',
  'compareMapping',
])

export function allows(rule: Rule, who: { readonly signedIn: boolean; readonly rights: readonly string[] }) {
  if (rule === 'anyone') return true
  return rule === 'signed in' ? who.signedIn : who.rights.includes(rule)
}
