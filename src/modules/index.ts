/**
 * The café's modules. A new one is a folder and a line here.
 */
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

export const registry = createRegistry({
  modules: [tenant, access, policy, menu, cashSession, sale, inventory, attendance, audit],
  gate,
  audit: auditRows,
  branchTable: branches,
})

/** The registry of a gateway, which can tell whether an operation's actor has signed it. */
export const registryWith = (isProven: ProofCheck): Registry => ({ ...registry, gate: createGate(isProven) })
