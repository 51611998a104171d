import { createHash } from 'node:crypto'
import { sameBytes } from '@linchpin/connector'
import type { FastifyRequest } from 'fastify'
import { Refusal } from './problem.ts'

/** With a token, only its bearer comes in; without one, only this machine does, and no web page but our own. */
export function checkDoor({ headers }: FastifyRequest, token: string | null): void {
  if (token === null) return onlyThisMachine(headers)
  const shown = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  // Digests are of one length, so that the time it takes tells nothing about the token's.
  if (!sameBytes(digest(shown), digest(token)))
    throw new Refusal(401, 'sign-in', 'Send the token of http.token: Authorization: Bearer …')
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]'])
/** What a browser sends along for a page's requests, and a proxy for strangers'. */
const TELLTALES = ['origin', 'sec-fetch-site', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via']

/**
 * A page in a browser on this machine can reach us too, also under a foreign name that it lets resolve to 127.0.0.1;
 * its Origin or its Host name gives it away.
 */
function onlyThisMachine(headers: FastifyRequest['headers']): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
  if (LOCAL.has(host) && TELLTALES.every(name => headers[name] === undefined || isHarmless(name, headers)))
    return
  throw new Refusal(401, 'sign-in', 'Without http.token, only programs on this machine may use the API.')
}

/** Somebody typed the address, or the page that asks came from here: by now its name is known to be this machine's. */
function isHarmless(name: string, headers: FastifyRequest['headers']): boolean {
  if (name === 'sec-fetch-site') return headers[name] === 'none' || headers[name] === 'same-origin'
  return name === 'origin' && headers.origin === `http://${headers.host}`
}

const digest = (text: string) => createHash('sha256').update(text).digest()
