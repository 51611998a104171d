/** What Tryton answers with HTTP 200 and `error: [type, [message, …]]`. */
export class TrytonError extends Error {
  readonly args: readonly unknown[]
  constructor(args: readonly unknown[]) {
    super(JSON.stringify(args))
    this.args = args
  }
}
export class UserError extends TrytonError {
  constructor(message: string) {
    super(['UserError', [message, '', null]])
  }
}
export class UserWarning extends TrytonError {
  constructor(name: string, message: string) {
    super(['UserWarning', [name, message, '']])
  }
}
/** A name that Python does not find: not even a type, only its words and an empty traceback. */
export class KeyError extends TrytonError {
  constructor(name: string) {
    super([`'${name}'`, ''])
  }
}
