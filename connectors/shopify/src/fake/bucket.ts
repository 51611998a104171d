/** The budget of one app in one shop: it fills at a constant rate, and holds twenty seconds of it. */
export class Bucket {
  readonly #now: () => number
  readonly restoreRate: number
  #available: number
  #at: number

  constructor(now: () => number, restoreRate: number) {
    this.#now = now
    this.restoreRate = restoreRate
    this.#available = restoreRate * 20
    this.#at = now()
  }

  /** False when it holds too little; then nothing was taken. */
  take(points: number): boolean {
    this.#fill()
    if (this.#available < points) return false
    this.#available -= points
    return true
  }

  giveBack(points: number): void {
    this.#available = Math.min(this.#available + points, this.restoreRate * 20)
  }

  status() {
    this.#fill()
    return {
      maximumAvailable: this.restoreRate * 20,
      currentlyAvailable: Math.floor(this.#available),
      restoreRate: this.restoreRate,
    }
  }

  #fill(): void {
    const passed = Math.max(0, this.#now() - this.#at)
    this.#at = this.#now()
    this.giveBack((passed / 1000) * this.restoreRate)
  }
}
