/** Progress of long work, on stderr: a line that moves for people, a line now and then for logs. */
export interface Progress {
  readonly at: (done: number) => void
  readonly end: () => void
}

const LINE_EVERY_MS = 5_000

export function progress(what: string, total: number, quiet = false): Progress {
  const began = Date.now()
  const moves = process.stderr.isTTY === true
  let said = began
  const say = (done: number) => {
    const line = inWords(what, done, total, Date.now() - began)
    process.stderr.write(moves ? `\r${line}\u001b[K` : `${line}\n`)
  }
  return {
    at(done) {
      if (quiet || (!moves && Date.now() - said < LINE_EVERY_MS)) return
      said = Date.now()
      say(done)
    },
    end() {
      if (quiet) return
      say(total)
      if (moves) process.stderr.write('\n')
    },
  }
}

/** Progress of work whose end nobody knows: '12000 records read, 4000/s'. */
export function counter(what: string, quiet = false) {
  const began = Date.now()
  const moves = process.stderr.isTTY === true
  let said = began
  const inWords = (done: number) => {
    const seconds = (Date.now() - began) / 1000
    return `${done} ${what}${seconds > 1 ? `, ${Math.round(done / seconds)}/s` : ''}`
  }
  return {
    at(done: number): void {
      if (quiet || (!moves && Date.now() - said < LINE_EVERY_MS)) return
      said = Date.now()
      process.stderr.write(moves ? `\r${inWords(done)}\u001b[K` : `${inWords(done)}\n`)
    },
    /** What comes now says it better. */
    clear(): void {
      if (!quiet && moves) process.stderr.write('\r\u001b[K')
    },
    end(done: number): void {
      if (!quiet) process.stderr.write(`${moves ? '\r' : ''}${inWords(done)}${moves ? '\u001b[K' : ''}\n`)
    },
  }
}

/** '120 of 1000 delivered, 40/s, 22 s left'. */
function inWords(what: string, done: number, total: number, ms: number): string {
  const rate = ms > 0 ? (done * 1000) / ms : 0
  const left = rate > 0 && done < total ? `, ${Math.ceil((total - done) / rate)} s left` : ''
  return `${done} of ${total} ${what}${rate > 0 ? `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s` : ''}${left}`
}
