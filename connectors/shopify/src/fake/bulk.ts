import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql'
import type { Books, Bulk } from './books.ts'
import { Refusal } from './failure.ts'
import { connection, everything, gidOf, idIn } from './lists.ts'

/** Runs a question, and answers its data. */
export type Run = (query: string) => Promise<Readonly<Record<string, unknown>>>

/** Questions about everything, whose answers are files. `ms` is how long one takes. */
export function bulkFields(books: Books, now: () => number, ms: number, run: Run) {
  const { bulks, next } = books
  return {
    bulkOperationRunQuery: async ({ query }: { readonly query: string }) => {
      const under = bulks.filter(({ readyAt }) => readyAt > now()).length
      if (under >= 5)
        return { userErrors: [{ field: null, message: 'Too many are running.', code: 'LIMIT_REACHED' }] }
      const found = await run(query).catch((error: unknown) => error)
      if (found instanceof Refusal) return { userErrors: found.errors }
      const [data] = Object.values(found as object) as readonly Connection[]
      const lines = linesOf(data?.edges ?? [])
      const id = next('bulk')
      bulks.put(id, { id, createdAt: books.stamp(), readyAt: now() + ms, text: lines.join('') })
      return { bulkOperation: { id: gidOf('BulkOperation', id) }, userErrors: [] }
    },
    bulkOperation: ({ id }: { readonly id: string }) => {
      const bulk = bulks.get(idIn('BulkOperation', id))
      return bulk ? view(books, bulk, now()) : null
    },
    bulkOperations: ({ reverse, ...args }: { readonly first?: number; readonly reverse?: boolean }) => {
      const rows = bulks.all().map(each => view(books, each, now()))
      return connection(reverse ? rows.toReversed() : rows, args)
    },
  }
}

function view({ shop }: Books, { id, createdAt, readyAt, text, todo }: Bulk, now: number) {
  const isDone = now >= readyAt && todo === undefined
  const roots = text.split('\n').filter(line => line !== '' && !line.includes('"__parentId"'))
  return {
    id: gidOf('BulkOperation', id),
    type: todo !== undefined || text.includes('"__lineNumber"') ? 'MUTATION' : 'QUERY',
    createdAt,
    status: isDone ? 'COMPLETED' : 'RUNNING',
    url: isDone && text !== '' ? `https://${shop.domain}/bulk/${id}.jsonl` : null,
    fileSize: isDone ? String(Buffer.byteLength(text)) : null,
    rootObjectCount: isDone ? String(roots.length) : '0',
  }
}

/** The file of one, or the part of it that is asked for. A stranger's store has no business with our token. */
export function bulkFile({ bulks }: Books, request: Request): Response {
  const id = /\/bulk\/(\d+)\.jsonl$/.exec(new URL(request.url).pathname)?.[1] ?? ''
  const bulk = bulks.get(id)
  if (!bulk || request.headers.has('x-shopify-access-token')) return new Response('', { status: 403 })
  const bytes = Buffer.from(bulk.text)
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get('range') ?? '') ?? []
  if (from === undefined || to === undefined) return new Response(bytes)
  return new Response(bytes.subarray(Number(from), Number(to) + 1), { status: 206 })
}

interface Connection {
  readonly edges: readonly { readonly node: Readonly<Record<string, unknown>> }[]
}

/** Each record, and behind it what belongs to it. */
function linesOf(edges: Connection['edges'], parent?: unknown): readonly string[] {
  return edges.flatMap(({ node }) => {
    const fields = Object.entries(node)
    const own = Object.fromEntries(fields.filter(([, value]) => !isConnection(value)))
    const line = JSON.stringify(parent === undefined ? own : { ...own, __parentId: parent })
    const parts = fields.flatMap(([, value]) => (isConnection(value) ? linesOf(value.edges, node['id']) : []))
    return [`${line}\n`, ...parts]
  })
}

function isConnection(value: unknown): value is Connection {
  return value !== null && typeof value === 'object' && 'edges' in value
}

/**
 * What Shopify does not answer in bulk: no list at all, more than five, one in a list of a list, or one of things that are
 * no nodes. Null when it does.
 */
export function troubleInBulk(schema: GraphQLSchema, document: DocumentNode): string | null {
  const types = new TypeInfo(schema)
  const lists: { readonly name: string; readonly depth: number; readonly isOfNodes: boolean }[] = []
  let depth = 0
  const Field = {
    enter: (field: FieldNode) => {
      if (!isList(field)) return
      depth += 1
      lists.push({
        name: field.name.value,
        depth,
        isOfNodes: isOfNodes(schema, getNamedType(types.getType())),
      })
    },
    leave: (field: FieldNode) => {
      if (isList(field)) depth -= 1
    },
  }
  visit(document, visitWithTypeInfo(types, { Field }))
  if (lists.length === 0) return 'Bulk queries must contain at least one connection.'
  if (lists.length > 5) return 'Bulk queries cannot contain more than 5 connections.'
  if (lists.some(each => each.depth > 2)) return 'Bulk queries cannot nest connections deeper than 2.'
  const other = lists.find(each => !each.isOfNodes)
  return other ? `The connection field '${other.name}' must implement the Node interface.` : null
}

function isOfNodes(schema: GraphQLSchema, connection: unknown): boolean {
  const typeOf = (type: unknown, field: string) =>
    isObjectType(type) ? getNamedType(type.getFields()[field]?.type) : undefined
  const node = typeOf(typeOf(connection, 'edges'), 'node')
  const named = schema.getType('Node')
  return isObjectType(node) && isInterfaceType(named) && node.getInterfaces().includes(named)
}

function isList({ selectionSet }: FieldNode): boolean {
  return (
    selectionSet?.selections.some(each => each.kind === Kind.FIELD && each.name.value === 'edges') ?? false
  )
}

/** The same question without an end to its lists. */
export function withoutEnds(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: field =>
      isList(field)
        ? {
            ...field,
            arguments: [
              ...(field.arguments ?? []),
              {
                kind: Kind.ARGUMENT,
                name: { kind: Kind.NAME, value: 'first' },
                value: { kind: Kind.INT, value: String(everything) },
              },
            ],
          }
        : undefined,
  })
}
