import { isObject, objects, Refused, type Json } from './answers.ts'
import type { Books, Part, Partner } from './books.ts'

/** Left out, an advice is the careful one: a write that looks as if it had worked and changes nothing. */
interface Advice {
  readonly ifNotExists?: string
  readonly ifExists?: string
}
const adviceIn = (body: Json): Advice => (isObject(body['syncAdvise']) ? body['syncAdvise'] : {})

/** PUT /bpartner/{org}: 201 for an update, too. */
export function upsertPartners(books: Books, body: Json): unknown {
  const advice = adviceIn(body)
  return {
    responseItems: objects(body['requestItems']).map(item => {
      const identifier = item['bpartnerIdentifier']
      const composite = isObject(item['bpartnerComposite']) ? item['bpartnerComposite'] : {}
      const known = books.resolve('BPartner', identifier)
      const there = known === undefined ? undefined : books.partners.get(known)
      if (!there && advice.ifNotExists !== 'CREATE')
        throw new Refused(404, `There is no business partner for ${String(identifier)}`)
      // One item is one transaction: nothing of it stays when a part of it is refused.
      for (const each of itemsIn(composite['locations'])) checkCountry(each['location'] as Json)
      const id = there?.id ?? books.next()
      const fields = isObject(composite['bpartner']) ? composite['bpartner'] : {}
      const syncOutcome = outcomeOf(there, fields, advice)
      if (syncOutcome !== 'NOTHING_DONE') {
        const base = there?.fields ?? { code: `G${String(id)}`, active: true }
        books.partners.put(id, { id, updated: books.stamp(), fields: { ...base, ...fields } })
      }
      books.refer('BPartner', identifier, id)
      parts(books, { kind: 'Location', partner: id, items: itemsIn(composite['locations']), advice })
      parts(books, { kind: 'Contact', partner: id, items: itemsIn(composite['contacts']), advice })
      return {
        responseBPartnerItem: { identifier, metasfreshId: id, syncOutcome },
        responseLocationItems: [],
        responseContactItems: [],
      }
    }),
  }
}

/** PUT /bpartner/{org}/{partner}/location */
export function upsertLocations(books: Books, identifier: string, body: Json): unknown {
  const partner = books.resolve('BPartner', identifier)
  if (partner === undefined || !books.partners.get(partner))
    throw new Refused(404, `There is no business partner for ${identifier}`)
  return {
    responseItems: parts(books, {
      kind: 'Location',
      partner,
      items: objects(body['requestItems']),
      advice: adviceIn(body),
    }),
  }
}

export function partnerOf(books: Books, identifier: string): unknown {
  const id = books.resolve('BPartner', identifier)
  const partner = id === undefined ? undefined : books.partners.get(id)
  if (!partner) throw new Refused(404, `There is no business partner for ${identifier}`)
  return composite(books, partner)
}

/** GET /bpartner?since= (epoch ms), then ?next=: the token of a selection that dies after a while. */
export function changedPartners(books: Books, query: URLSearchParams, pageSize: number): unknown {
  const token = query.get('next')
  const [, since = query.get('since') ?? '0', from = '0'] = /^sel-(\d+)-(\d+)$/.exec(token ?? '') ?? []
  if (token !== null && !token.startsWith('sel-'))
    throw new Refused(404, 'There is no such selection any more')
  const changed = books.partners.all().filter(each => each.updated >= books.stamp(Number(since)))
  const start = Number(from)
  const page = changed.slice(start, start + pageSize)
  const isMore = start + pageSize < changed.length
  return {
    items: page.map(each => composite(books, each)),
    pagingDescriptor: {
      resultTimestamp: books.now(),
      totalSize: changed.length,
      pageSize: page.length,
      ...(isMore ? { nextPage: `sel-${since}-${start + pageSize}` } : {}),
    },
  }
}

function composite(books: Books, partner: Partner) {
  const own = (parts: readonly Part[]) =>
    parts.filter(each => each.partner === partner.id).map(each => ({ metasfreshId: each.id, ...each.fields }))
  return {
    bpartner: { metasfreshId: partner.id, ...partner.fields },
    locations: own(books.locations.all()),
    contacts: own(books.contacts.all()),
  }
}

interface Parts {
  readonly kind: 'Location' | 'Contact'
  readonly partner: number
  readonly items: readonly Json[]
  readonly advice: Advice
}

function parts(books: Books, { kind, partner, items, advice }: Parts) {
  const table = kind === 'Location' ? books.locations : books.contacts
  return items.map(item => {
    const identifier = item[`${kind.toLowerCase()}Identifier`]
    const fields = item[kind.toLowerCase()] as Json
    if (kind === 'Location') checkCountry(fields)
    const known = books.resolve(kind, identifier)
    const there = known === undefined ? undefined : table.get(known)
    const syncOutcome = outcomeOf(there, fields, advice)
    const id = there?.id ?? books.next()
    if (syncOutcome !== 'NOTHING_DONE')
      table.put(id, { id, partner, updated: books.stamp(), fields: { ...there?.fields, ...fields } })
    books.refer(kind, identifier, id)
    return { identifier, metasfreshId: id, syncOutcome }
  })
}

function outcomeOf(there: object | undefined, fields: Json, advice: Advice): string {
  if (!there) return 'CREATED'
  return advice.ifExists === 'UPDATE_MERGE' && Object.keys(fields).length > 0 ? 'UPDATED' : 'NOTHING_DONE'
}

const itemsIn = (holder: unknown) => (isObject(holder) ? objects(holder['requestItems']) : [])

function checkCountry(fields: Json): void {
  if (!/^[A-Z]{2}$/.test(String(fields['countryCode'])))
    throw new Refused(422, `There is no country with the code ${String(fields['countryCode'])}`)
}
