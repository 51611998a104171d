import { expect, test } from 'vitest'
import { explain, heldByAnother } from './trouble.ts'

// The words are PostgreSQL 18's and the dynamic loader's own.
test.each([
  ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'the disk is full'],
  [
    'postgres: error while loading shared libraries: libstdc++.so.6: cannot open shared object file',
    'a system library is missing',
  ],
  ['FATAL:  database files are incompatible with server', 'another version of PostgreSQL'],
  ['LOG:  could not bind Unix address "./.s.PGSQL.5432": Address already in use', 'something else listens'],
  ['FATAL:  data directory "/x" has wrong ownership', 'chown -R, chmod 700'],
  ['FATAL:  could not open file "global/pg_control": Permission denied', 'chown -R, chmod 700'],
  ['FATAL:  could not create lock file "postmaster.pid": Read-only file system', 'the disk is read-only'],
  [
    'FATAL:  could not resize shared memory segment "/PostgreSQL.1" to 1048576 bytes: No space left on device',
    'shared',
  ],
  ['PANIC:  could not locate a valid checkpoint record at 0/174B310', 'Restore the newest backup'],
  ['FATAL:  lock file "postmaster.pid" already exists', 'another PostgreSQL still holds'],
  ['something never seen', 'Its own words below say why'],
])('%s is explained, and shown as it is', (line, words) => {
  const { message } = explain('PostgreSQL did not start', `one\ntwo\n${line}\n`, '/data/postgres.log')
  expect(message).toContain(`PostgreSQL did not start: `)
  expect(message).toContain(words)
  expect(message).toContain(`(/data/postgres.log):\none\ntwo\n${line}`)
})

test('only a held folder is worth another try', () => {
  expect(heldByAnother('FATAL:  lock file "postmaster.pid" already exists')).toBe(true)
  expect(heldByAnother('FATAL:  pre-existing shared memory block (key 1, ID 4) is still in use')).toBe(true)
  expect(heldByAnother('FATAL:  data directory "/x" has wrong ownership')).toBe(false)
})
