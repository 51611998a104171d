import { list, record, type Session } from './client.ts'

interface Note {
  readonly id: number
  readonly note: string
}

/**
 * Adds a note unless one with this beginning is there: notes have no key, and one that goes to the customer is an
 * e-mail, so it must not be said twice. `beginning` is the part of the text that names what it is about.
 */
export async function noteOnce(
  session: Session,
  order: number,
  note: { readonly text: string; readonly beginning: string; readonly toCustomer: boolean },
): Promise<void> {
  const notes = await list<Note>(session, `/orders/${order}/notes`)
  if (notes.some(each => each.note.startsWith(note.beginning))) return
  await record<Note>(session, 'POST', `/orders/${order}/notes`, {
    note: note.text,
    customer_note: note.toCustomer,
  })
}
