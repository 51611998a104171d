import { addPerson, type Db } from '@linchpin/store'

export const DEMO = 'demo'

/** The one person of a demo, who has no password and needs none. */
export async function welcomeDemo(db: Db, now: number): Promise<void> {
  const person = { id: DEMO, name: 'Demo', email: 'demo@example.com', role: 'admin', password: null }
  await addPerson(db, person, now)
}
