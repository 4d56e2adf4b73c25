/**
 * Who may pull what: asked before a pull, whichever road it takes (src/graphql/sync.ts, or pull-text.ts).
 */
import { noteSignIn } from '../modules/access/sign-in.ts'
import type { Pull } from '../sync/pull.ts'
import type { ModuleScope, ScopeDefinition } from '../sync/words.ts'
import { admitted, checkedId, identityOf } from './access.ts'
import type { Context } from './context.ts'
import { badInput } from './errors.ts'

export type PullInput = {
  tenantId: string
  branchId: string
  deviceId: string
  cursor?: string | null
  moduleScopes: readonly ModuleScope[]
  addScopes?: boolean | null
  limit?: number | null
}

export const defaultLimit = 500
export const maxLimit = 2000

/** Steps 1 and 2 of a pull: the caller, their right to each scope, the envelope. */
export async function admitPull(context: Context, input: PullInput): Promise<Pull> {
  const tenantId = checkedId('tenantId', input.tenantId)
  const branchId = checkedId('branchId', input.branchId)
  const deviceId = checkedId('deviceId', input.deviceId)
  const limit = input.limit ?? defaultLimit
  if (limit < 1 || limit > maxLimit) throw badInput(`limit must be 1 to ${maxLimit}.`)
  if (input.moduleScopes.length === 0) throw badInput('moduleScopes must name at least one module.')
  const { scopes: known, gate } = context.services.engine.registry
  const scopes = [...known].filter(([scope]) => input.moduleScopes.includes(scope))
  const permissions = scopes.map(([, { read }]) => read)
  const { accountId, role } = await admitted(context, tenantId, { branchId, permissions, deviceId })
  await noteProvided(context, { tenantId, deviceId, accountId })
  const isOnlyOwn = ({ readAll }: ScopeDefinition) => readAll !== undefined && !gate.may(role, readAll)
  return {
    tenantId,
    branchId,
    cursor: input.cursor ?? null,
    scopes: scopes.map(([scope]) => scope),
    limit,
    accountId,
    onlyOwn: scopes.flatMap(([scope, definition]) => (isOnlyOwn(definition) ? [scope] : [])),
    known,
    addsScopes: input.addScopes === true,
  }
}

/** Nobody signs in here with an identity provider's token: whoever pulls or pushes on a device has signed in on it. */
export async function noteProvided(
  { services, db }: Context,
  { tenantId, deviceId, accountId }: { tenantId: string; deviceId: string; accountId: string },
): Promise<void> {
  if (services.tokens.issue !== null) return
  await noteSignIn(db.tenant(tenantId), tenantId, deviceId, accountId, services.clock())
}

/** Notes for the people who look after devices how far this one has come. */
export function notePull(context: Context, pull: Pull, deviceId: string, pulledSeq: number) {
  const { accountId } = identityOf(context)
  const { tenantId, branchId } = pull
  context.services.checkpoints.note({ tenantId, branchId, deviceId, accountId, pulledSeq })
}
