import {
  getNamedType,
  isAbstractType,
  isObjectType,
  valueFromAST,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** More points than Shopify lets one question have (https://shopify.dev/docs/api/usage/limits). */
export const mostPoints = 1000

/**
 * What a question could cost at most, in Shopify's published reckoning: an object is a point, what stands in a list of
 * `first` counts as often, a list itself is two more, and a mutation is ten.
 */
export function requestedCost(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const isMutation = operation.operation === 'mutation'
  const root = isMutation ? schema.getMutationType() : schema.getQueryType()
  if (!root) return 0
  const count = costOf(schema, operation.selectionSet, root, variables)
  return isMutation ? 10 + Math.max(0, count - 1) : count
}

function costOf(
  schema: GraphQLSchema,
  { selections }: SelectionSetNode,
  parent: GraphQLObjectType,
  variables: Readonly<Record<string, unknown>>,
): number {
  let total = 0
  for (const selection of selections) {
    if (selection.kind === 'FragmentSpread') continue
    if (selection.kind === 'InlineFragment') {
      const named = selection.typeCondition && schema.getType(selection.typeCondition.name.value)
      const type = isObjectType(named) ? named : parent
      total += costOf(schema, selection.selectionSet, type, variables)
      continue
    }
    const field = parent.getFields()[selection.name.value]
    if (!field || !selection.selectionSet) continue
    const named = getNamedType(field.type)
    const within = isObjectType(named)
      ? costOf(schema, selection.selectionSet, named, variables)
      : isAbstractType(named)
        ? costOfAbstract(schema, selection.selectionSet, variables)
        : 0
    const given = (name: string) => {
      const value = selection.arguments?.find(each => each.name.value === name)?.value
      const type = field.args.find(each => each.name === name)?.type
      return value && type ? valueFromAST(value, type, variables) : undefined
    }
    const ids: unknown = given('ids')
    const times = Array.isArray(ids) ? ids.length : Number(given('first') ?? 1)
    total += named.name.endsWith('Connection')
      ? 2 + within * times
      : (1 + within) * (Array.isArray(ids) ? times : 1)
  }
  return total
}

/** The dearest of what it may be. */
function costOfAbstract(
  schema: GraphQLSchema,
  { selections }: SelectionSetNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const costs = selections.flatMap(selection => {
    if (selection.kind !== 'InlineFragment') return []
    const named = selection.typeCondition && schema.getType(selection.typeCondition.name.value)
    return isObjectType(named) ? [costOf(schema, selection.selectionSet, named, variables)] : []
  })
  return Math.max(0, ...costs)
}

/** What it did cost: the objects that are in the answer. */
export function actualCost(data: unknown): number {
  if (Array.isArray(data)) return data.reduce((total: number, each) => total + actualCost(each), 0)
  if (data === null || typeof data !== 'object') return 0
  return 1 + Object.values(data).reduce((total: number, each) => total + actualCost(each), 0)
}
