import { pino, type Logger } from 'pino'

/** Names of settings that hold secrets, wherever they stand in what is logged. */
const SECRETS = ['consumerSecret', 'webhookSecret', 'apiKey', 'password', 'token', 'authorization']
const REDACT = SECRETS.flatMap(name => [name, `*.${name}`])

/** One JSON line each, on stderr, for the machines that collect them. */
export function createLog(level: string, to: pino.DestinationStream = pino.destination(2)): Logger {
  return pino({ level, redact: REDACT, base: null, timestamp: pino.stdTimeFunctions.isoTime }, to)
}
