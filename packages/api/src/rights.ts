/** What somebody may do. Roles and API keys are made of these. */
export const rights = {
  look: 'See connections, flows, records, parked deliveries; personal data masked',
  reveal: 'See personal data unmasked; each time is written down',
  comment: 'Comment on records',
  operate: 'Retry, skip, answer, correct, sync, compare, push, ignore a field, pause, resume, link, test',
  build: 'Change mappings, look-up tables and flows',
  alert: 'Say who is told of what: alerts',
  audit: 'Read the audit log',
  people: 'Let people in: people, roles, sessions, API keys',
} as const

export type Right = keyof typeof rights
export const rightNames = Object.keys(rights) as [Right, ...Right[]]

/** Each role, and its rights. */
export const rightsOf = {
  viewer: ['look'],
  support: ['look', 'reveal', 'comment'],
  operator: ['look', 'reveal', 'comment', 'operate', 'alert'],
  builder: ['look', 'reveal', 'comment', 'operate', 'build', 'alert'],
  finance: ['look', 'reveal', 'comment', 'audit'],
  admin: rightNames,
} as const satisfies Readonly<Record<string, readonly Right[]>>

export type Role = keyof typeof rightsOf
export const roleNames = Object.keys(rightsOf) as [Role, ...Role[]]
