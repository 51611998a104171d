import { expect, test } from 'vitest'
import { bytesOf, jsonIn, textOf } from './answer.ts'
import { Unanswered } from './problem.ts'

function broken(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"half'))
      controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body)
}

test('an answer is read whole, and one without a body is empty', async () => {
  expect(await textOf(new Response('grün'), 'The shop')).toBe('grün')
  expect((await bytesOf(new Response(null, { status: 204 }), 'The shop')).length).toBe(0)
})

test('an answer that breaks off leaves open whether the request took effect', async () => {
  const trouble = await bytesOf(broken(), 'The shop').catch((error: unknown) => error)
  expect(trouble).toBeInstanceOf(Unanswered)
  expect((trouble as Unanswered).message).toBe('The answer of The shop broke off in the middle.')
})

test('a web page is not JSON, and is told from JSON that says null', () => {
  expect(jsonIn('<html>')).toBeUndefined()
  expect(jsonIn('null')).toBeNull()
})
