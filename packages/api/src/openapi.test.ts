import { expect, test } from 'vitest'
import { openApi } from './openapi.ts'
import { routes } from './routes.ts'

const document = openApi('1.2.3') as {
  openapi: string
  paths: Record<
    string,
    Record<string, { operationId: string; parameters?: { name: string; in: string; required: boolean }[] }>
  >
}

test('every route is in the document, once, under its own name', () => {
  expect(document.openapi).toBe('3.1.0')
  const named = Object.values(document.paths).flatMap(path =>
    Object.values(path).map(each => each.operationId),
  )
  expect(named.toSorted()).toEqual(Object.keys(routes).toSorted())
})

test('parameters say where they stand and whether they must', () => {
  expect(document.paths['/trace']?.['get']?.parameters).toMatchObject([
    { name: 'number', in: 'query', required: true },
  ])
  expect(document.paths['/flows/{name}/pause']?.['post']?.parameters).toMatchObject([
    { name: 'name', in: 'path', required: true },
    { name: 'Idempotency-Key', in: 'header', required: false },
  ])
  const limit = document.paths['/parked']?.['get']?.parameters?.find(({ name }) => name === 'limit')
  expect(limit).toMatchObject({ in: 'query', required: false })
})

test('whatever it refers to is in it', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)]
  expect(references.length).toBeGreaterThan(0)
  for (const [, place = ''] of references) expect(document).toHaveProperty(place.split('/'))
})
