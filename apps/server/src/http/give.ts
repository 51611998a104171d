import { rightsOf, type Right, type Role } from '@linchpin/api'
import type { Actor } from '../people/actor.ts'
import { Refusal } from './problem.ts'

/** Throws Refusal: who could hand on more than they have would have it themselves in a moment. */
export function checkMayGive(rights: readonly Right[], actor: Actor): void {
  const beyond = rights.filter(right => !actor.rights.includes(right))
  if (beyond.length > 0)
    throw new Refusal(403, 'may-not', `You may not give what you do not have: ${beyond.join(', ')}.`)
}

/** A role, or the account of somebody who has it: a link for a new password is that account. */
export const checkMayGiveRole = (role: string, actor: Actor) =>
  checkMayGive(rightsOf[role as Role] ?? [], actor)
