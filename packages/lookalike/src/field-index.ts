/** Which rows of a table have which value in a field, so that the lines of one order are not looked for among all. */
export class FieldIndex {
  readonly #fields = new Map<string, Map<unknown, Set<string>>>()

  /** Keys of the rows with this very value. The index of a field is made when it is first asked for. */
  keys(field: string, value: unknown, rows: ReadonlyMap<string, unknown>): readonly string[] {
    let values = this.#fields.get(field)
    if (!values) {
      this.#fields.set(field, (values = new Map()))
      for (const [key, row] of rows) add(values, valueIn(row, field), key)
    }
    return [...(values.get(value) ?? [])]
  }

  changed(key: string, before: unknown, after: unknown): void {
    for (const [field, values] of this.#fields) {
      if (before !== undefined) values.get(valueIn(before, field))?.delete(key)
      if (after !== undefined) add(values, valueIn(after, field), key)
    }
  }

  /** All rows are others now. */
  forget(): void {
    this.#fields.clear()
  }
}

const valueIn = (row: unknown, field: string) => (row as Readonly<Record<string, unknown>>)[field]

function add(values: Map<unknown, Set<string>>, value: unknown, key: string): void {
  const keys = values.get(value)
  if (keys) keys.add(key)
  else values.set(value, new Set([key]))
}
