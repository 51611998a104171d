/** An error as Restler answers it. */
export class RestError extends Error {
  readonly code: number
  readonly details: readonly string[]
  constructor(code: number, message: string, details: readonly string[] = []) {
    super(message)
    this.code = code
    this.details = details
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

export function bodyOf({ code, message, details }: RestError): string {
  const title = TITLES[code] ?? 'Error'
  // Further words stand beside the message under '0', '1' …, as PHP merges a list into an object.
  const error = {
    code,
    message: message === '' ? title : `${title}: ${message}`,
    ...Object.fromEntries(details.entries()),
  }
  return JSON.stringify({ error, debug: { source: 'a look-alike', stages: { success: [], failure: [] } } })
}
