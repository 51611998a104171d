import { z } from 'zod'
import { rightNames, roleNames } from './rights.ts'
import { route } from './route.ts'
import { time } from './shapes.ts'

const role = z.enum(roleNames)
const right = z.enum(rightNames)
const name = z.string().trim().min(1).max(100)
const email = z.email().max(254)
/** Length is what makes a password hard to guess; rules about signs only make it hard to remember. */
const password = z.string().min(12).max(200)
const token = z.string().min(20).max(200)
const done = z.object({ done: z.boolean() })
const byId = z.strictObject({ id: z.string() })

export const personShape = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  active: z.boolean(),
  /** Signs in with a password here, at an OpenID provider, or not yet. */
  signsIn: z.enum(['password', 'openid', 'not yet']),
  createdAt: time,
  seenAt: time.nullable(),
})
export type PersonAnswer = z.infer<typeof personShape>

export const sessionShape = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  begunAt: time,
  seenAt: time,
  expiresAt: time,
  from: z.string(),
  /** What their browser calls itself. */
  agent: z.string(),
  /** The one that asks. */
  current: z.boolean(),
})
export type SessionAnswer = z.infer<typeof sessionShape>

export const apiKeyShape = z.object({
  id: z.string(),
  name: z.string(),
  hint: z.string(),
  rights: z.array(right),
  madeBy: z.string(),
  madeAt: time,
  expiresAt: time.nullable(),
  usedAt: time.nullable(),
  usedFrom: z.string().nullable(),
  revokedAt: time.nullable(),
})
export type ApiKeyAnswer = z.infer<typeof apiKeyShape>

const auditShape = z.object({
  seq: z.int(),
  at: time,
  who: z.string(),
  how: z.string(),
  from: z.string(),
  /** The name of the route. */
  what: z.string(),
  /** What was asked, without secrets. */
  input: z.unknown(),
  /** How what it is about stood before and after, where it is something that can be looked at. */
  before: z.unknown(),
  after: z.unknown(),
  /** 'done', or the code of the refusal. Null: it has not ended, or the process ended first. */
  outcome: z.string().nullable(),
  endedAt: time.nullable(),
})
export type AuditAnswer = z.infer<typeof auditShape>

export const meShape = z.object({
  who: z.string().nullable(),
  role: role.nullable(),
  email: z.string().nullable(),
  /** How they sign in; null: no person, or not signed in. */
  signsIn: z.enum(['password', 'openid', 'not yet']).nullable(),
  rights: z.array(right),
  /** Nobody can sign in yet: the one-time link that the server printed makes the first person. */
  setUp: z.boolean(),
  /** A demo: one click lets anyone on this machine in. */
  demo: z.boolean(),
  /** What is written on the button of the OpenID provider. */
  openid: z.string().nullable(),
})
export type MeAnswer = z.infer<typeof meShape>

/** A one-time link, to be handed to whom it is for; it is shown once. */
const link = z.object({ link: z.string(), expiresAt: time })

export const peopleRoutes = {
  me: route('GET', '/me', 'Who asks, and what they may', { answer: meShape }),
  signIn: route('POST', '/sign-in', 'Sign in with a password', {
    body: z.strictObject({ email, password: z.string().min(1).max(200) }),
    answer: meShape,
  }),
  enterDemo: route('POST', '/sign-in/demo', 'Come into a demo on this machine', { answer: meShape }),
  setUp: route('POST', '/set-up', 'Become the first person, by the one-time link', {
    body: z.strictObject({ token, name, email, password }),
    answer: meShape,
  }),
  setUpLink: route('POST', '/set-up/link', 'Another one-time link for the first person; older ones end', {
    answer: link,
  }),
  acceptInvitation: route('POST', '/invitation', 'Choose a password, by a one-time link, and sign in', {
    body: z.strictObject({ token, password }),
    answer: meShape,
  }),
  signOut: route('POST', '/sign-out', 'End this session', { answer: done }),
  changePassword: route('POST', '/me/password', 'Change your password; other sessions end', {
    body: z.strictObject({ password: z.string().max(200), newPassword: password }),
    answer: done,
  }),
  mySessions: route('GET', '/me/sessions', 'Where you are signed in', {
    answer: z.object({ sessions: z.array(sessionShape) }),
  }),
  endMySession: route('POST', '/me/sessions/{id}/end', 'End a session of yours', {
    params: byId,
    answer: done,
  }),

  people: route('GET', '/people', 'Who may come in', { answer: z.object({ people: z.array(personShape) }) }),
  addPerson: route('POST', '/people', 'Let somebody in, by a one-time link', {
    body: z.strictObject({ name, email, role }),
    answer: link.extend({ person: personShape }),
  }),
  person: route('GET', '/people/{id}', 'One of them', {
    params: byId,
    answer: z.object({ person: personShape }),
  }),
  changePerson: route('POST', '/people/{id}', 'Change name or role, or shut somebody out', {
    params: byId,
    body: z.strictObject({ name: name.optional(), role: role.optional(), active: z.boolean().optional() }),
    answer: z.object({ person: personShape }),
  }),
  invitePerson: route('POST', '/people/{id}/link', 'A one-time link for a new password', {
    params: byId,
    answer: link,
  }),
  sessions: route('GET', '/sessions', 'Who is signed in', {
    answer: z.object({ sessions: z.array(sessionShape) }),
  }),
  endSession: route('POST', '/sessions/{id}/end', 'End a session', { params: byId, answer: done }),
  endSessionsOf: route('POST', '/people/{id}/sessions/end', 'End all sessions of somebody', {
    params: byId,
    answer: z.object({ count: z.int() }),
  }),

  apiKeys: route('GET', '/api-keys', 'Keys for programs, and when each was last used', {
    answer: z.object({ keys: z.array(apiKeyShape) }),
  }),
  addApiKey: route('POST', '/api-keys', 'Make a key for a program; it is shown once', {
    body: z.strictObject({
      name,
      rights: z.array(right).min(1),
      days: z.int().min(1).max(3650).optional(),
    }),
    answer: z.object({ id: z.string(), key: z.string() }),
  }),
  revokeApiKey: route('POST', '/api-keys/{id}/revoke', 'Make a key useless', { params: byId, answer: done }),

  audit: route('GET', '/audit', 'Who did what, newest first', {
    query: z.strictObject({
      before: z.coerce.number().int().min(1).optional(),
      who: z.string().max(200).optional(),
      what: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    answer: z.object({
      entries: z.array(auditShape),
      /** Give it as `before` for the next page; null: that was all. */
      next: z.int().nullable(),
    }),
  }),
  verifyAudit: route('GET', '/audit/verify', 'Whether a row of the audit log was changed or taken out', {
    answer: z.object({ whole: z.boolean(), rows: z.int(), broken: z.int().nullable() }),
  }),
} as const
