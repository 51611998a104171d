import { START, type Kernel } from '../kernel.ts'
import type { Plan } from '../plan.ts'
import type { Twin } from '../twin/twin.ts'
import type { Backup, Remote } from './remote.ts'
import { NOTE } from './meddling.ts'
import { ERP } from './setup.ts'

export interface Restore {
  /** Nobody reaches the ERP meanwhile. */
  readonly isUnderWay: () => boolean
  readonly happened: () => boolean
  readonly backedUpAt: () => number
}

const TAKES_MS = 75_000

/** The ERP is brought back to an older state: what came since is forgotten, and its ids are given to other records. */
export function startRestore({
  kernel,
  plan,
  erp,
  twin,
  healAt,
  noted,
}: {
  readonly kernel: Kernel
  readonly plan: Plan
  readonly erp: Remote
  readonly twin: Twin
  readonly healAt: number
  /** Orders with a clerk's note; those of which the backup knows nothing are taken out. */
  readonly noted: Set<string>
}): Restore {
  const { restoreMs } = plan.remote
  let [isUnderWay, happened, backedUpAt] = [false, false, START]
  if (restoreMs > 0) {
    const chance = kernel.chance('restore')
    const at = chance.between(START + restoreMs + TAKES_MS + 30_000, healAt - 30_000)
    let backup: Backup | null = null
    kernel.at(at - restoreMs - TAKES_MS, 'the ERP is backed up', () => {
      backup = erp.backUp()
      backedUpAt = kernel.now()
    })
    kernel.at(at - TAKES_MS, 'the ERP breaks down', () => (isUnderWay = true))
    kernel.at(at, 'the ERP is there again', () => {
      isUnderWay = false
      if (!backup || forgottenNewest(twin, backup) < 2) return
      happened = true
      kernel.note('the ERP was restored from its backup')
      backup.restore()
      for (const id of noted) if (erp.row('orders', id)?.fields['note'] !== NOTE) noted.delete(id)
    })
  }
  return { isUnderWay: () => isUnderWay, happened: () => happened, backedUpAt: () => backedUpAt }
}

const NEWEST = 10
const TABLES: Readonly<Record<string, string>> = {
  SalesOrder: 'orders',
  Account: 'accounts',
  Product: 'products',
  Shipment: 'shipments',
  Invoice: 'invoices',
  CreditNote: 'credits',
}

/** How many of the newest linked records are not in the backup: when it is one or none, nobody can notice (see README). */
function forgottenNewest({ tables }: Twin, backup: Backup): number {
  const links = tables.links.toSorted((one, other) => other.at - one.at)
  return Object.entries(TABLES).reduce((sum, [entity, table]) => {
    const newest = links.filter(link => link.entity === entity && link.left === ERP).slice(0, NEWEST)
    return sum + newest.filter(({ leftId }) => !backup.has(table, leftId)).length
  }, 0)
}
