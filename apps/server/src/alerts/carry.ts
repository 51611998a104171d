import { alertTurn, nextAlertTry, wordsOf } from '@linchpin/engine'
import {
  alertChannels,
  alertRules,
  claimAlerts,
  claimWatch,
  incidents,
  saveWatch,
  settleAlert,
  type AlertMessage,
  type AlertOutcome,
} from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { newId } from '../people/tokens.ts'
import { Unsent } from './egress.ts'
import { alertFacts } from './facts.ts'
import { send } from './send.ts'

const EVERY_MS = 10_000
/** Longer than a look or a try ever takes; after that another node may. */
export const LEASE_MS = 60_000
const AT_ONCE = 10

/** Looks at how everything stands, and sends what is to be told, until it is told to stop. */
export function carryAlerts(linchpin: Linchpin, failed: (error: unknown) => void): () => Promise<void> {
  let working: Promise<void> | null = null
  const timer = setInterval(() => {
    working ??= alertsOnce(linchpin)
      .catch(failed)
      .finally(() => (working = null))
  }, EVERY_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await working
  }
}

export async function alertsOnce(linchpin: Linchpin): Promise<void> {
  try {
    await watchOnce(linchpin)
  } finally {
    // What is written down is sent, also while nobody can look.
    while ((await sendOnce(linchpin)) > 0);
  }
}

/** One look, by one node at a time: what is to be told is written down together with that it is told. */
async function watchOnce(linchpin: Linchpin): Promise<void> {
  const { db, now } = linchpin
  if ((await alertRules(db)).length === 0) return
  const fence = await claimWatch(db, { leaseMs: LEASE_MS, now: now() })
  if (fence === null) return
  const rules = await alertRules(db)
  const facts = await alertFacts(linchpin)
  const at = now()
  const turn = alertTurn({ rules, ...(await incidents(db, at)) }, facts, { now: at, newId: messageId })
  await saveWatch(db, fence, turn, at)
}

/** 'msg_…': what the receiver knows a repetition by. */
export const messageId = (): string => `msg_${newId()}`

/** Sends what is due. Answers how many got through. A node that dies at it leaves it to the next: some come twice. */
async function sendOnce(linchpin: Linchpin): Promise<number> {
  const { db, now } = linchpin
  const due = await claimAlerts(db, { leaseMs: LEASE_MS, limit: AT_ONCE, now: now() })
  const sent = await Promise.all(due.map(message => sendOne(message, linchpin)))
  return sent.filter(is => is).length
}

async function sendOne(message: AlertMessage, linchpin: Linchpin): Promise<boolean> {
  const { db, now } = linchpin
  const outcome = await tryOnce(message, linchpin)
  await settleAlert(db, message, outcome, now())
  return outcome.is === 'sent'
}

export async function tryOnce(message: AlertMessage, linchpin: Linchpin): Promise<AlertOutcome> {
  const { db, now } = linchpin
  const channel = (await alertChannels(db)).find(({ id }) => id === message.channel)
  if (!channel) return { is: 'given up', problem: 'The channel was removed.' }
  try {
    await send(message, channel, linchpin)
    return { is: 'sent' }
  } catch (error) {
    return unsent(message, error, now())
  }
}

function unsent({ tries, madeAt }: AlertMessage, error: unknown, now: number): AlertOutcome {
  const problem = wordsOf(error)
  const isKnown = error instanceof Unsent
  if (isKnown && error.isFinal) return { is: 'given up', problem }
  const retryAfterMs = isKnown ? error.retryAfterMs : null
  const at = nextAlertTry({ tries, madeAt, now }, { retryAfterMs, random: Math.random })
  return at === null ? { is: 'given up', problem } : { is: 'again', at, problem }
}
