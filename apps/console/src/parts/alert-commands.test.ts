import { expect, test } from 'vitest'
import { channelCommand, ruleCommand, withoutSecrets } from './alert-commands.ts'

const rule = {
  name: 'At night',
  active: true,
  events: ['login', 'trouble'] as ('login' | 'trouble')[],
  flows: [],
  connections: ['erp'],
  channels: ['c1'],
  waitMinutes: 5,
  behind: { minutes: 30, count: null },
  recovery: false,
  digest: { daily: '08:00', zone: 'Europe/Berlin' },
  quiet: { from: '22:00', to: '06:00', zone: 'Europe/Berlin' },
}

test('a rule is the same on the command line; what is the default is not said', () => {
  expect(ruleCommand(null, rule)).toBe(
    "linchpin alerts rule add 'At night' --event login trouble --connection erp --wait 5 --no-recovery --digest 08:00 --quiet 22:00-06:00 --zone Europe/Berlin --channel c1",
  )
})

test('a rule that is changed says all that could have been otherwise', () => {
  const plain = { ...rule, connections: [], waitMinutes: 0, recovery: true, digest: null, quiet: null }
  expect(ruleCommand('r1', { ...plain, active: false })).toBe(
    "linchpin alerts rule change r1 --name 'At night' --event login trouble --everything --wait 0 --behind-minutes 30 --behind-count none --recovery --digest none --quiet none --off --channel c1",
  )
})

test('nothing that is copied of a channel holds its secrets', () => {
  const hook = {
    kind: 'slack',
    name: 'Ops',
    language: 'de',
    secretUrl: 'https://hooks.example/SECRET',
  } as const
  expect(channelCommand('c1', hook)).toBe(
    'linchpin alerts channel change c1 --name Ops --language de --enter',
  )
  const head = { kind: 'email', name: 'The office', language: 'en', user: 'linchpin' } as const
  const where = { host: 'mail.example.com', port: 587, secure: 'starttls', from: 'a@b.example' } as const
  const mail = { ...head, ...where, to: ['x@y.example', 'z@y.example'], password: 'SECRET' }
  expect(channelCommand(null, mail)).toBe(
    "linchpin alerts channel add email 'The office' --host mail.example.com --port 587 --secure starttls --user linchpin --from a@b.example --to x@y.example,z@y.example --language en",
  )
  expect(JSON.stringify([withoutSecrets(hook), withoutSecrets(mail)])).not.toContain('SECRET')
})
