import { at, type Db } from '../db.ts'
import type { AlertMessage, NewAlertMessage } from './alerts.ts'
import { noteChannel } from './channels.ts'
import { addAlertMessages } from './watch.ts'

interface Row extends Omit<AlertMessage, 'channelName' | 'ruleName' | 'madeAt' | 'nextAt' | 'settledAt'> {
  readonly channel_name: string
  readonly rule_name: string | null
  readonly made_at: number
  readonly next_at: number
  readonly settled_at: number | null
}

const COLUMNS = `seq, id, channel, channel_name, rule_name, recipient, items, made_at, state, tries, next_at, fence,
  problem, settled_at`

function messageOf(row: Row): AlertMessage {
  const { channel_name: channelName, rule_name: ruleName, made_at: madeAt, ...rest } = row
  const { next_at: nextAt, settled_at: settledAt, ...message } = rest
  return { ...message, channelName, ruleName, madeAt, nextAt, settledAt }
}

/** The oldest of each channel that is due: "well again" does not overtake what it is about. */
export async function claimAlerts(
  db: Db,
  { leaseMs, limit, now }: { leaseMs: number; limit: number; now: number },
): Promise<readonly AlertMessage[]> {
  const rows = await db.query<Row>(
    'claim-alerts',
    `update alert_message m set lease_until = $1, fence = m.fence + 1, tries = m.tries + 1
     where m.seq in (
       select d.seq from alert_message d
       where d.state = 'due' and d.next_at <= $2 and (d.lease_until is null or d.lease_until <= $2)
         and not exists (
           select 1 from alert_message e where e.channel = d.channel and e.state = 'due' and e.seq < d.seq)
       order by d.seq limit $3 for update skip locked)
     returning ${COLUMNS}`,
    [at(now + leaseMs), at(now), limit],
  )
  return rows.map(messageOf)
}

/** A message that somebody waits for: ours to send from the first moment on. Null: the channel is gone. */
export async function beginAlert(
  db: Db,
  message: NewAlertMessage,
  { leaseMs, now }: { leaseMs: number; now: number },
): Promise<AlertMessage | null> {
  return db.transaction(async query => {
    await addAlertMessages(query, [message], now)
    const [row] = await query<Row>(
      'begin-alert',
      `update alert_message set lease_until = $2, fence = fence + 1, tries = tries + 1
       where id = $1 returning ${COLUMNS}`,
      [message.id, at(now + leaseMs)],
    )
    return row ? messageOf(row) : null
  })
}

export type AlertOutcome =
  | { readonly is: 'sent' }
  | { readonly is: 'given up'; readonly problem: string }
  | { readonly is: 'again'; readonly at: number; readonly problem: string }

/** What became of a message. One that is no longer ours (another node has claimed it since) is left alone. */
export async function settleAlert(
  db: Db,
  { id, channel, fence }: Pick<AlertMessage, 'id' | 'channel' | 'fence'>,
  outcome: AlertOutcome,
  now: number,
): Promise<boolean> {
  const problem = outcome.is === 'sent' ? null : outcome.problem
  return db.transaction(async query => {
    const ours = await query<{ id: string }>(
      'settle-alert',
      `update alert_message set state = $3, problem = $4, next_at = $5, lease_until = null, settled_at = $6
       where id = $1 and fence = $2 and state = 'due' returning id`,
      [
        id,
        fence,
        outcome.is === 'again' ? 'due' : outcome.is,
        problem,
        at(outcome.is === 'again' ? outcome.at : now),
        outcome.is === 'again' ? null : at(now),
      ],
    )
    if (ours.length > 0) await noteChannel(query, channel, problem, now)
    return ours.length > 0
  })
}

/** Newest first, from before a place in the list. */
export async function alertMessages(
  db: Db,
  { before, limit }: { before: number | null; limit: number },
): Promise<readonly AlertMessage[]> {
  const rows = await db.query<Row>(
    'alert-messages',
    `select ${COLUMNS} from alert_message where $1::bigint is null or seq < $1 order by seq desc limit $2`,
    [before, limit],
  )
  return rows.map(messageOf)
}
