/** Of about a hundred bytes each. */
const MOST = 20_000

/**
 * The events that this process heard of lately, oldest first. It saves a reading where a remote tells one thing twice;
 * that another node may have heard the first telling does no harm, since the record is only looked at once more.
 */
export class Heard {
  readonly #events = new Set<string>()

  has(event: string): boolean {
    return this.#events.has(event)
  }

  add(event: string): void {
    this.#events.add(event)
    const [oldest] = this.#events
    if (this.#events.size > MOST && oldest !== undefined) this.#events.delete(oldest)
  }
}
