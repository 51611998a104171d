/** Our own database did not do what we asked. That is no fault of a record or a remote, and is never blamed on one. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
}

/** The same store, whose failures are told from everybody else's. */
export function guarded<Kept extends object>(store: Kept): Kept {
  const methods = Object.entries(store).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'function' ? guardedCall(value as Ask) : value,
  ])
  return Object.fromEntries(methods) as Kept
}

type Ask = (...args: readonly unknown[]) => Promise<unknown>

function guardedCall(ask: Ask): Ask {
  return async (...args) => {
    try {
      return await ask(...args)
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause)
      throw new StoreFailure(`The database failed: ${words}`, { cause })
    }
  }
}
