import { entityNames, type EntityName } from '@linchpin/model'

/** Of a link or what else lies in the order of links: where a page ended. */
export interface LinkPlace {
  readonly entity: EntityName
  readonly left: string
  readonly right: string
}

const IN_ORDER: readonly EntityName[] = entityNames.toSorted()

/**
 * A page of what is kept by entity, two connections and two ids, in that order: one entity after the other, so that each
 * page begins in the index where the one before ended, and does not read all that came before once more.
 */
export async function byEntity<Row>(
  after: LinkPlace | null,
  limit: number,
  read: (begin: LinkPlace, limit: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const page: Row[] = []
  for (const entity of IN_ORDER.slice(after === null ? 0 : IN_ORDER.indexOf(after.entity))) {
    const begin = entity === after?.entity ? after : { entity, left: '', right: '' }
    page.push(...(await read(begin, limit - page.length)))
    if (page.length === limit) break
  }
  return page
}
