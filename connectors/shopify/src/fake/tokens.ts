/** Client-credential tokens: good for a day, each for itself. */
export class Tokens {
  readonly #now: () => number
  readonly #clientId: string
  readonly #clientSecret: string
  readonly #good = new Map<string, number>()
  #count = 0

  constructor(now: () => number, clientId: string, clientSecret: string) {
    this.#now = now
    this.#clientId = clientId
    this.#clientSecret = clientSecret
  }

  async exchange(request: Request): Promise<Response> {
    const asked = (await request.json().catch(() => ({}))) as Readonly<Record<string, unknown>>
    const isRight =
      asked['grant_type'] === 'client_credentials' &&
      asked['client_id'] === this.#clientId &&
      asked['client_secret'] === this.#clientSecret
    if (!isRight) return Response.json({ error: 'application_cannot_be_found' }, { status: 400 })
    const token = `shpat_${(this.#count += 1)}_${this.#now()}`
    const seconds = 86_399
    this.#good.set(token, this.#now() + seconds * 1000)
    return Response.json({ access_token: token, scope: 'write_orders', expires_in: seconds })
  }

  knows(token: string): boolean {
    return (this.#good.get(token) ?? 0) > this.#now()
  }

  revoke(): void {
    this.#good.clear()
  }
}
