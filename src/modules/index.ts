/**
 * The café's modules. A new one is a folder and a line here.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { AddReads } from '../graphql/builder.ts'
import { createRegistry, grantsOf, type ModuleDefinition, type Registry } from '../sync/module.ts'
import { createGate, nothingProven, type ProofCheck } from './access/gate.ts'
import { access } from './access/index.ts'
import { mayBy, roles } from './access/roles.ts'
import { attendance } from './attendance/index.ts'
import { audit, auditRows } from './audit/index.ts'
import { cashSession } from './cash-session/index.ts'
import { closing } from './closing/index.ts'
import { inventory } from './inventory/index.ts'
import { menu } from './menu/index.ts'
import { policy } from './policy/index.ts'
import { sale } from './sale/index.ts'
import { tenant } from './tenant/index.ts'
import { branches } from './tenant/tables.ts'

/** A module as a gateway takes it: its reads are for GraphQL. */
export type GatewayModule = ModuleDefinition<AddReads>

/** Tenants, people and the audit trail are among them: whatever else a gateway does, it does it with these. */
export const cafe: readonly GatewayModule[] = [
  tenant,
  policy,
  menu,
  access,
  cashSession,
  sale,
  closing,
  inventory,
  attendance,
  audit,
]

/** Hashes under a key, and told apart from those without. */
export const keyedHashes =
  (key: Buffer): Registry['keyedHash'] =>
  (payloadHash) =>
    `keyed:${createHmac('sha256', key).update(payloadHash).digest('hex')}`

/** What only a gateway can, which has secrets of its own. */
export type GatewayOnly = {
  /** Tells whether an operation's actor has signed it. */
  readonly isProven: ProofCheck
  readonly keyedHash: Registry['keyedHash']
}

const isRole = (name: string) => (roles as readonly string[]).includes(name)

export const registryOf = (
  modules: readonly GatewayModule[],
  { isProven, keyedHash }: GatewayOnly,
): Registry<AddReads> => {
  const grants = grantsOf(modules)
  const nobodys = Object.entries(grants).find(([, least]) => !isRole(least))
  if (nobodys) throw new Error(`the permission ${nobodys[0]} is for ${nobodys[1]}, which is no role`)
  return createRegistry({
    modules,
    gate: createGate({ may: mayBy(grants), isProven }),
    keyedHash,
    audit: auditRows,
    branchTable: branches,
  })
}

/** Without a gateway: nobody can prove anything, and hashes of secrets are good for this process. */
export const registry = registryOf(cafe, {
  isProven: nothingProven,
  keyedHash: keyedHashes(randomBytes(32)),
})
