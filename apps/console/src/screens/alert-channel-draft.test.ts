import { expect, test } from 'vitest'
import { bodyOf, draftOf } from './alert-channel-draft.ts'

test('a password is sent sign for sign; an address and a signing secret without the spaces around them', () => {
  const draft = {
    ...draftOf(null, 'en'),
    name: 'ops',
    password: ' two words ',
    secretUrl: ' https://x.example/y\n',
  }
  expect(bodyOf({ ...draft, kind: 'email' })).toMatchObject({ password: ' two words ' })
  expect(bodyOf({ ...draft, kind: 'webhook', secret: ' whsec_abc ' })).toMatchObject({
    secretUrl: 'https://x.example/y',
    secret: 'whsec_abc',
  })
})

test('what was left empty is not sent: it stays as it is', () => {
  const draft = { ...draftOf(null, 'en'), name: 'ops', secretUrl: '  ' }
  expect(bodyOf({ ...draft, kind: 'webhook' })).toEqual({ kind: 'webhook', name: 'ops', language: 'en' })
  expect(bodyOf({ ...draft, kind: 'email' })).not.toHaveProperty('password')
})
