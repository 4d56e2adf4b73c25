/**
 * The café's modules. A new one is a folder and a line here.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { createRegistry, type Registry } from '../sync/module.ts'
import { createGate, gate, type ProofCheck } from './access/gate.ts'
import { access } from './access/index.ts'
import { attendance } from './attendance/index.ts'
import { audit, auditRows } from './audit/index.ts'
import { cashSession } from './cash-session/index.ts'
import { inventory } from './inventory/index.ts'
import { menu } from './menu/index.ts'
import { policy } from './policy/index.ts'
import { sale } from './sale/index.ts'
import { tenant } from './tenant/index.ts'
import { branches } from './tenant/tables.ts'

/** Hashes under a key, and told apart from those without. */
export const keyedHashes =
  (key: Buffer): Registry['keyedHash'] =>
  (payloadHash) =>
    `keyed:${createHmac('sha256', key).update(payloadHash).digest('hex')}`

/** Without a gateway: nobody can prove anything, and hashes of secrets are good for this process. */
export const registry = createRegistry({
  modules: [tenant, access, policy, menu, cashSession, sale, inventory, attendance, audit],
  gate,
  keyedHash: keyedHashes(randomBytes(32)),
  audit: auditRows,
  branchTable: branches,
})

/** What only a gateway can, which has secrets of its own. */
export type GatewayOnly = {
  /** Tells whether an operation's actor has signed it. */
  readonly isProven: ProofCheck
  readonly keyedHash: Registry['keyedHash']
}

export const registryWith = ({ isProven, keyedHash }: GatewayOnly): Registry => ({
  ...registry,
  gate: createGate(isProven),
  keyedHash,
})
