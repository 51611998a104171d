import type { FastifyReply, FastifyRequest } from 'fastify'

/** Over HTTPS the name forbids the browser to take the cookie from anyone but us, or over anything but HTTPS. */
const cookieName = (publicUrl: string | null) => (isSecure(publicUrl) ? '__Host-linchpin' : 'linchpin')

export const isSecure = (publicUrl: string | null) => publicUrl?.startsWith('https:') === true

export function sessionIn(request: FastifyRequest, publicUrl: string | null): string | undefined {
  return request.cookies[cookieName(publicUrl)]
}

/** No script reads it. Lax: a link in a mail opens the console signed in, and nothing else is sent along from elsewhere. */
export function keepSession(
  reply: FastifyReply,
  publicUrl: string | null,
  { token, expiresAt }: { readonly token: string; readonly expiresAt: number },
): void {
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(publicUrl) } as const
  void reply.setCookie(cookieName(publicUrl), token, { ...options, expires: new Date(expiresAt) })
}

export function dropSession(reply: FastifyReply, publicUrl: string | null): void {
  void reply.clearCookie(cookieName(publicUrl), { path: '/', secure: isSecure(publicUrl) })
}
