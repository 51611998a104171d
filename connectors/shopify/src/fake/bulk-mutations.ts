import type { Books, Bulk } from './books.ts'
import { gidOf } from './lists.ts'

/** Runs a mutation with these variables, and answers its data. */
export type Mutate = (mutation: string, variables: Readonly<Record<string, unknown>>) => Promise<object>

/** Mutations with many variables, from a file that was uploaded before. `ms` is how long one takes. */
export function bulkMutationFields(
  books: Books,
  now: () => number,
  ms: number,
  work: { readonly trouble: (mutation: string) => string | null; readonly settle: () => Promise<void> },
) {
  const { bulks, uploads, shop } = books
  return {
    stagedUploadsCreate: ({ input }: { readonly input: readonly { readonly filename: string }[] }) => ({
      stagedTargets: input.map(({ filename }) => {
        const key = `tmp/${books.next('upload')}/${filename}`
        return {
          url: `https://${shop.domain}/upload`,
          parameters: [
            { name: 'key', value: key },
            { name: 'policy', value: 'cG9saWN5' },
          ],
        }
      }),
      userErrors: [],
    }),
    bulkOperationRunMutation: async (args: {
      readonly mutation: string
      readonly stagedUploadPath: string
    }) => {
      const refused = (message: string, code: string) => ({ userErrors: [{ field: null, message, code }] })
      const under = bulks.filter(({ todo }) => todo !== undefined).length
      if (under >= 5) return refused('Too many are running.', 'LIMIT_REACHED')
      const trouble = work.trouble(args.mutation)
      if (trouble !== null) return refused(trouble, 'INVALID_MUTATION')
      const file = uploads.get(args.stagedUploadPath)
      if (!file) return refused('The JSONL file could not be found.', 'NO_SUCH_FILE')
      const id = books.next('bulk')
      const todo = { mutation: args.mutation, lines: file.text }
      bulks.put(id, { id, createdAt: books.stamp(), readyAt: now() + ms, text: '', todo })
      await work.settle()
      return { bulkOperation: { id: gidOf('BulkOperation', id) }, userErrors: [] }
    },
  }
}

/** Does what is due by now. One line that fails takes no other with it. */
export async function settleMutations({ bulks }: Books, now: number, mutate: Mutate): Promise<void> {
  const due = bulks.filter((bulk): bulk is Due => bulk.todo !== undefined && bulk.readyAt <= now)
  for (const { todo, ...bulk } of due as readonly Due[]) {
    // Two requests at once must not do it twice.
    bulks.put(bulk.id, bulk)
    const lines = todo.lines.split('\n').filter(line => line !== '')
    const told: string[] = []
    for (const [at, line] of lines.entries()) {
      const data = await mutate(todo.mutation, JSON.parse(line) as Record<string, unknown>)
      told.push(`${JSON.stringify({ data, __lineNumber: at })}\n`)
    }
    bulks.put(bulk.id, { ...bulk, text: told.join('') })
  }
}

type Due = Bulk & { readonly todo: NonNullable<Bulk['todo']> }

/** Takes a form whose last field is the file, as the store does; one with our token is a stranger's. */
export async function takeUpload({ uploads }: Books, request: Request): Promise<Response> {
  const form = await request.formData()
  const [key, file] = [form.get('key'), form.get('file')]
  const isLast = [...form.keys()].at(-1) === 'file'
  const isWhole = typeof key === 'string' && file instanceof File && isLast && form.get('policy') !== null
  if (!isWhole || request.headers.has('x-shopify-access-token')) return new Response('', { status: 403 })
  uploads.put(key, { text: await file.text() })
  return new Response('<PostResponse/>', { status: 201 })
}
