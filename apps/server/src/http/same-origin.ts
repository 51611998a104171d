import type { FastifyRequest } from 'fastify'
import { Refusal } from './problem.ts'

/**
 * A browser sends its cookies along with whatever a page asks for, also a foreign one. So an unsafe call that rests on
 * them, or that gets them, must come from a page of ours: browsers say where a call comes from and let no page say it
 * for them; and the header that our client sends cannot be sent from elsewhere without our leave, which we never give.
 */
export function checkSameOrigin({ headers }: FastifyRequest, publicUrl: string | null): void {
  const site = headers['sec-fetch-site']
  const ours = site === undefined ? isOurs(headers.origin, headers.host, publicUrl) : site === 'same-origin'
  if (ours && headers['linchpin-client'] === '1') return
  throw new Refusal(
    403,
    'foreign-page',
    'That came from a page that is not ours. Open Linchpin anew and try again.',
  )
}

/** No Origin: no browser that is younger than 2020. */
function isOurs(origin: string | undefined, host: string | undefined, publicUrl: string | null): boolean {
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const known = publicUrl === null ? [] : [new URL(publicUrl).host]
  return [host, ...known].includes(new URL(origin).host)
}
