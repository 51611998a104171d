import type { FastifyHelmetOptions } from '@fastify/helmet'
import { isSecure } from './cookie.ts'

/**
 * What every answer tells a browser: run and show nothing but what comes from here, in no frame, and tell nobody where
 * you were. No script stands in a page; styles may, since the screens' components set them.
 */
export function headers(publicUrl: string | null): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Once said, a browser insists on HTTPS: only where it is there.
    hsts: isSecure(publicUrl) ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    xPoweredBy: false,
  }
}
