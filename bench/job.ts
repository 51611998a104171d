/** What runner, stand-ins and contestants agree on. */
export const WEBHOOK_SECRET = 'a-secret-of-the-benchmark'
export const CONNECTIONS = 64
