/** What a command's exit status says. */
export const EXIT = { ok: 0, failed: 1, usage: 2, partly: 3, connection: 4, config: 5 } as const

/** The exit status that an error stands for. Errors are known by their names: their classes need not be loaded for it. */
export function exitOf(error: unknown): number {
  if (!(error instanceof Error)) return EXIT.failed
  if (error.name === 'UsageTrouble') return EXIT.usage
  if (error.name === 'ConfigTrouble' || error.name === 'SecretTrouble') return EXIT.config
  if (error.name === 'DatabaseTrouble' || error.name === 'NoAnswer') return EXIT.connection
  if (error.name === 'ApiTrouble') return exitOfApi(error as Error & { status: number; code: string })
  return EXIT.failed
}

function exitOfApi({ status, code }: { status: number; code: string }): number {
  if (status === 0 || status === 401 || status === 502 || status === 503) return EXIT.connection
  return ['bad-request', 'no-flow', 'no-connection'].includes(code) ? EXIT.usage : EXIT.failed
}
