/**
 * The access checks at the start of every field: who asks, and whether they may.
 */
import { type Asked, type Caller, callerOf, type Found } from '../modules/access/caller.ts'
import { noteRequest } from '../modules/access/enrolment.ts'
import type { Queryable } from '../platform/database.ts'
import type { Identity } from '../platform/tokens.ts'
import { isStorable } from '../sync/inspect.ts'
import type { Context } from './context.ts'
import { badInput, forbidden, unauthenticated } from './errors.ts'

/** What a check needs of a context. */
export type Asking = Pick<Context, 'identity' | 'db' | 'services'>

/** The caller's identity, or UNAUTHENTICATED. */
export function identityOf({ identity }: Pick<Context, 'identity'>): Identity {
  if (!identity || identity.expiresAt <= Date.now()) throw unauthenticated()
  return identity
}

/** The identity with the device that a request names, where its token is a provider's and says of none. */
export const onDevice = (identity: Identity, named: unknown): Identity =>
  identity.deviceId === null && typeof named === 'string' && named.length <= 128 && isStorable(named)
    ? { ...identity, namedDeviceId: named }
    : identity

/**
 * The caller as a member who may do what is asked. FORBIDDEN with the rule that says no; UNAUTHENTICATED where their
 * token was ended before its time.
 */
export async function admitted(context: Asking, tenantId: string, asked: Asked = {}): Promise<Caller> {
  const { db, services } = context
  const found = await find(context, db.tenant(tenantId), tenantId, asked)
  if ('denied' in found && found.denied.code === 'DEVICE_NOT_ENROLLED')
    await noteAsked(context, tenantId, asked)
  const caller = callerIn(found)
  services.engine.turns.tenants.note(tenantId)
  return caller
}

const find = (context: Asking, db: Queryable, tenantId: string, asked: Asked): Promise<Found> =>
  callerOf({ db, may: context.services.engine.registry.gate.may }, identityOf(context), tenantId, asked)

function callerIn(found: Found): Caller {
  if ('denied' in found) throw forbidden(found.denied)
  if ('outdated' in found) throw unauthenticated('Sign in again: this token has been ended.')
  return found.caller
}

/** For a push to ask again once it has its turn: by then somebody may have shut out the device that it came from. */
export const admittedStill =
  (context: Asking, tenantId: string, asked: Asked = {}) =>
  async (tx: Queryable): Promise<void> =>
    void callerIn(await find(context, tx, tenantId, asked))

/** Somebody is on a device that is to be let in: whoever can do that sees it. */
async function noteAsked(context: Asking, tenantId: string, asked: Asked): Promise<void> {
  const { accountId, namedDeviceId } = identityOf(context)
  const deviceId = asked.deviceId ?? namedDeviceId
  if (deviceId)
    await noteRequest(context.db.tenant(tenantId), {
      tenantId,
      deviceId,
      accountId,
      at: context.services.clock(),
    })
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
