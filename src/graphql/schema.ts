/**
 * The schema, put together from the sync fields, the direct lane and the modules' typed reads.
 */

import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Tokens } from '../platform/tokens.ts'
import type { Registry } from '../sync/module.ts'
import { type AddReads, makeBuilder } from './builder.ts'
import { addDevices } from './devices.ts'
import { describe } from './glossary.ts'
import { addDirectLane, addOperationTypes } from './lanes.ts'
import { addMoney } from './money.ts'
import { addRejectedOperations } from './rejected-operations.ts'
import { addScalars } from './scalars.ts'
import { addSync } from './sync.ts'

/** `issue`: how the gateway makes its own tokens; null where an identity provider does, and there is no `signIn`. */
export function buildSchema(prisma: PrismaClient, registry: Registry<AddReads>, issue: Tokens['issue']) {
  const builder = makeBuilder(prisma)
  builder.queryType({})
  builder.mutationType({})
  builder.subscriptionType({})
  addScalars(builder)
  const { OperationResult } = addSync(builder, registry)
  const { Money } = addMoney(builder)
  addDirectLane(builder, registry, OperationResult)
  addOperationTypes(builder, registry)
  addRejectedOperations(builder)
  addDevices(builder)
  for (const { reads } of registry.modules) reads?.(builder, { Money, issue })
  const schema = builder.toSchema()
  const glossaries = registry.modules.map(({ glossary = {} }) => glossary)
  describe(schema, glossaries)
  return schema
}
