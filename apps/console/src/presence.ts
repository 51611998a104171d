/** Whoever reads still moves a hand within this. */
const STILL_MS = 60_000
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const

let seen = Date.now()
for (const sign of SIGNS)
  addEventListener(sign, () => void (seen = Date.now()), { passive: true, capture: true })

/** Said with what the page asks by itself: an open tab that nobody sits at shall not keep a session alive. */
export const presence = (): Readonly<Record<string, string>> =>
  Date.now() - seen > STILL_MS ? { 'linchpin-idle': '1' } : {}
