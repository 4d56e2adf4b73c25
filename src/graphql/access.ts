/**
 * The access checks at the start of every field: who asks, and whether they may.
 */
import { type Asked, callerOf } from '../modules/access/caller.ts'
import type { Member } from '../modules/access/gate.ts'
import type { Identity } from '../platform/tokens.ts'
import { isStorable } from '../sync/inspect.ts'
import type { Context } from './context.ts'
import { badInput, forbidden, unauthenticated } from './errors.ts'

/** The caller's identity, or UNAUTHENTICATED. */
export function identityOf({ identity }: Context): Identity {
  if (!identity || identity.expiresAt <= Date.now()) throw unauthenticated()
  return identity
}

/** The caller as a member who may do what is asked, or FORBIDDEN with the rule that says no. */
export async function admitted(context: Context, tenantId: string, asked: Asked = {}): Promise<Member> {
  const { accountId } = identityOf(context)
  const { member, denied } = await callerOf(context.db, tenantId, accountId, asked)
  if (denied) throw forbidden(denied)
  return member
}

/** A text from outside that can be kept, 1 to `max` characters; or BAD_USER_INPUT. */
export function checkedText(name: string, text: string, max: number): string {
  if (text.length < 1 || text.length > max || !isStorable(text))
    throw badInput(`${name} must be 1 to ${max} characters of ordinary text.`)
  return text
}

/** An id from outside as text that can be kept; or BAD_USER_INPUT. */
export const checkedId = (name: string, value: string | number): string =>
  checkedText(name, String(value), 128)
