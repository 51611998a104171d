import { z } from 'zod'
import type { Operation } from './client.ts'
import type { Session } from './session.ts'

/** A public note is shown to the customer with the order; the others only to administrators. */
export async function addNote(
  session: Session,
  order: string,
  note: string,
  isPublic: boolean,
): Promise<void> {
  await session.client.ask(addOrderNote, { input: { id: order, note, isPublic } })
}

export async function changeNote(session: Session, noteId: string, note: string): Promise<void> {
  await session.client.ask(updateOrderNote, { input: { noteId, note, isPublic: true } })
}

const withId = z.object({ id: z.string() })

const added = z.object({ addNoteToOrder: withId })
const addOrderNote: Operation<z.infer<typeof added>> = {
  text: 'mutation AddNote($input: AddNoteToOrderInput!) { addNoteToOrder(input: $input) { id } }',
  data: added,
}

const updated = z.object({ updateOrderNote: withId })
const updateOrderNote: Operation<z.infer<typeof updated>> = {
  text: 'mutation UpdateNote($input: UpdateOrderNoteInput!) { updateOrderNote(input: $input) { id } }',
  data: updated,
}
