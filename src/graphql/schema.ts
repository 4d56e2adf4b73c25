/**
 * The schema, put together from the sync fields, the direct lane and the modules' typed reads.
 */

import type { PrismaClient } from '../generated/prisma/client.ts'
import { addAccessReads, addActorKey, addSignIn } from '../modules/access/graphql.ts'
import { addAttendanceReads } from '../modules/attendance/graphql.ts'
import { addAuditReads } from '../modules/audit/graphql.ts'
import { addCashSessionReads } from '../modules/cash-session/graphql.ts'
import { addStockReads } from '../modules/inventory/graphql.ts'
import { addMenuReads } from '../modules/menu/graphql.ts'
import { addPolicyReads } from '../modules/policy/graphql.ts'
import { addSaleReads } from '../modules/sale/graphql.ts'
import { addTenantReads } from '../modules/tenant/graphql.ts'
import type { Tokens } from '../platform/tokens.ts'
import type { Registry } from '../sync/module.ts'
import { makeBuilder } from './builder.ts'
import { addDevices } from './devices.ts'
import { addDirectLane, addOperationTypes } from './lanes.ts'
import { addMoney } from './money.ts'
import { addRecordReads } from './record.ts'
import { addScalars } from './scalars.ts'
import { addSync } from './sync.ts'

/** `issue`: how the gateway makes its own tokens; null where an identity provider does, and there is no `signIn`. */
export function buildSchema(prisma: PrismaClient, registry: Registry, issue: Tokens['issue']) {
  const builder = makeBuilder(prisma)
  builder.queryType({})
  builder.mutationType({})
  builder.subscriptionType({})
  addScalars(builder)
  const { OperationResult } = addSync(builder)
  const { Money } = addMoney(builder)
  addDirectLane(builder, registry, OperationResult)
  addOperationTypes(builder, registry)
  addRecordReads(builder)
  addDevices(builder)
  addTenantReads(builder)
  addAccessReads(builder)
  addMenuReads(builder)
  addPolicyReads(builder)
  addCashSessionReads(builder, Money)
  addSaleReads(builder)
  addStockReads(builder)
  addAttendanceReads(builder)
  addAuditReads(builder)
  addActorKey(builder)
  if (issue) addSignIn(builder, issue)
  return builder.toSchema()
}
