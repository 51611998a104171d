import { expect, test } from 'vitest'
import { findOrMake } from './find-or-make.ts'
import { Problem, Unanswered } from './problem.ts'

/** A remote in which this name is unique. */
function remote(trouble: Problem = new Problem('refused', 'It exists already.')) {
  const made: string[] = []
  const find = async () => made[0] ?? null
  const make = (id: string) => async () => {
    if (made.length > 0) throw trouble
    made.push(id)
    return id
  }
  return { made, worker: (id: string) => findOrMake(find, make(id)) }
}

test('two workers that find it missing at the same moment end with the same one', async () => {
  const { made, worker } = remote()
  expect(await Promise.all([worker('first'), worker('second')])).toEqual(['first', 'first'])
  expect(made).toEqual(['first'])
})

test('what is refused for another reason stays refused', async () => {
  const refusal = new Problem('refused', 'Its name is too long.')
  const make = () => Promise.reject(refusal)
  await expect(findOrMake(async () => null, make)).rejects.toBe(refusal)
})

test.each([new Unanswered('passing', 'No answer came.'), new Problem('busy', 'Wait.')])(
  'after $message nobody looks again: the whole write is tried again',
  async trouble => {
    const { worker } = remote(trouble)
    await expect(Promise.all([worker('first'), worker('second')])).rejects.toBe(trouble)
  },
)
