import { isSingle } from './compile.ts'
import type { Condition, Expression, Fields, Table } from './mapping.ts'

/** What becomes of the parts of an expression; everything else stays as it is. */
export interface Rewriting {
  /** A path, where it starts at what the expression is about. */
  readonly path: (text: string) => Expression
  /** A template as a whole: its paths stand inside a text. */
  readonly template: (text: string) => Expression
  /** A list and what is made of its items: paths in `where` and `as` start at the item. */
  readonly each: (expression: EachExpression) => Expression
  readonly table?: (lookup: string | Table) => string | Table
}
export type EachExpression = Extract<Exclude<Expression, string>, { readonly each: unknown }>

/** The same expression with its paths, templates and lists made anew. */
export function rewritten(expression: Expression, how: Rewriting): Expression {
  const again = (inner: Expression) => rewritten(inner, how)
  if (typeof expression === 'string') return how.path(expression)
  if ('path' in expression) return how.path(expression.path)
  if ('constant' in expression) return expression
  if ('template' in expression) return how.template(expression.template)
  if ('lookup' in expression)
    return {
      lookup: how.table ? how.table(expression.lookup) : expression.lookup,
      of: again(expression.of),
      ...elseOf(expression.else, again),
    }
  if ('format' in expression)
    return {
      ...expression,
      of: again(expression.of),
      ...(expression.with ? { with: rewrittenFields(expression.with, how) } : {}),
    }
  if ('first' in expression) return { first: expression.first.map(again) }
  if ('when' in expression)
    return {
      when: rewrittenCondition(expression.when, how),
      then: again(expression.then),
      ...elseOf(expression.else, again),
    }
  if ('each' in expression) return how.each(expression)
  if ('object' in expression) return { object: rewrittenFields(expression.object, how) }
  if ('calculate' in expression) return { ...expression, of: expression.of.map(again) }
  const by = expression.by ? { by: rewrittenFields(expression.by as Fields, how) } : {}
  return { ...expression, of: again(expression.of), ...by }
}

const elseOf = (otherwise: Expression | undefined, again: (inner: Expression) => Expression) =>
  otherwise === undefined ? {} : { else: again(otherwise) }

function rewrittenFields(fields: Fields, how: Rewriting): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, rewritten(each, how)]))
}

export function rewrittenItem(as: EachExpression['as'], how: Rewriting): EachExpression['as'] {
  return isSingle(as) ? { value: rewritten(as.value, how) } : rewrittenFields(as, how)
}

export function rewrittenCondition(condition: Condition, how: Rewriting): Condition {
  const again = (inner: Expression) => rewritten(inner, how)
  const within = (inner: Condition) => rewrittenCondition(inner, how)
  if ('is' in condition) return { is: [again(condition.is[0]), again(condition.is[1])] }
  if ('greater' in condition) return { greater: [again(condition.greater[0]), again(condition.greater[1])] }
  if ('not' in condition) return { not: within(condition.not) }
  if ('any' in condition) return { any: condition.any.map(within) }
  if ('all' in condition) return { all: condition.all.map(within) }
  if ('has' in condition) return { has: again(condition.has) }
  return { in: [again(condition.in[0]), condition.in[1]] }
}

/** With every table written where it is used, so that two mappings' tables of one name do not meet. */
export function withTables(fields: Fields, tables: Readonly<Record<string, Table>>): Fields {
  const how: Rewriting = {
    path: text => text,
    template: template => ({ template }),
    each: ({ each, where, as }) => ({
      each: rewritten(each, how),
      ...(where ? { where: rewrittenCondition(where, how) } : {}),
      as: rewrittenItem(as, how),
    }),
    table: lookup => (typeof lookup === 'string' ? (tables[lookup] ?? {}) : lookup),
  }
  return rewrittenFields(fields, how)
}
