import { Problem } from '@linchpin/connector'
import { wantedLines, type OrderLine } from './order-lines.ts'
import type { OrderWrite } from './order-write-row.ts'
import { needId } from './rows.ts'
import type { Session } from './session.ts'

/** All that can be wrong with the order is found before anything of it is in Dolibarr. */
export interface Plan {
  readonly socid: number
  readonly lines: readonly OrderLine[]
  readonly header: Readonly<Record<string, unknown>>
}

export async function planOf(session: Session, row: OrderWrite): Promise<Plan> {
  const { currency } = session.settings
  if (row.currency !== currency)
    throw new Problem(
      'refused',
      `Order ${row.ref_client} is in ${row.currency}, and this connection makes orders in ${currency} only.`,
    )
  const { ref_client, date, note_public, array_options } = row
  const header = {
    ref_client,
    ...(note_public !== undefined && { note_public }),
    ...(date !== undefined && { date_commande: date }),
    ...(array_options && { array_options }),
  }
  return { socid: needId(row.socid, 'Account'), lines: await wantedLines(session, row), header }
}
