/** Our own database did not do what we asked. That is no fault of a record or a remote, and is never blamed on one. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
}

/** The same store, whose failures are told from everybody else's. */
export function guarded<Kept extends object>(store: Kept): Kept {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return async (...args: readonly unknown[]) => {
        try {
          return await (Reflect.apply(value, target, args) as Promise<unknown>)
        } catch (cause) {
          throw new StoreFailure(
            `The database failed: ${cause instanceof Error ? cause.message : String(cause)}`,
            {
              cause,
            },
          )
        }
      }
    },
  })
}
