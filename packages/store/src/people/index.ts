export { audit, auditAsked, auditBroken, auditEnded, type Asked, type AuditEntry } from './audit.ts'
export { beginOidc, endOidc, invite } from './invitations.ts'
export {
  addKey as addApiKey,
  keys as apiKeys,
  revokeKey as revokeApiKey,
  useKey as useApiKey,
  type ApiKey,
} from './keys.ts'
export {
  addFirstPerson,
  addPerson,
  anyPeople,
  changePerson,
  passwordOf,
  people,
  person,
  personByEmail,
  setPassword,
  useInvitation,
  vouchFor,
  type Person,
} from './people.ts'
export { answered, say, unsay } from './said-before.ts'
export { beginSession, endSession, endSessionsOf, seeSession, sessions, type Session } from './sessions.ts'
export { tidyPeople } from './tidy.ts'
export { countTry, forgetTries } from './tries.ts'
