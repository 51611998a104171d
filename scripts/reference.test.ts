import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { referencePages } from './reference.ts'

test('the reference says what the code says (npm run reference writes it anew)', async () => {
  for (const [path, text] of Object.entries(await referencePages()))
    expect(readFileSync(path, 'utf8'), path).toBe(text)
}, 120_000)
