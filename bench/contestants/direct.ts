import type { Order } from '../message.ts'
import { deliver, LANES, openDoor } from './bench-process.ts'

/** No queue, no memory, no promise: what these cores can do at all. It answers at once and forwards. */
const waiting: string[] = []
let running = 0

function go(): void {
  while (running < LANES && waiting.length > 0) {
    running += 1
    void deliver(JSON.parse(waiting.shift() ?? '') as Order).finally(() => {
      running -= 1
      go()
    })
  }
}

await openDoor(async body => {
  waiting.push(body)
  go()
})
