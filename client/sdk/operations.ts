/**
 * The operations that a queue may carry, with the server's own definitions: contract, permission, look-ups and
 * decider of each. A module that is to work offline adds its line here.
 */
import { attendance } from '../../src/modules/attendance/index.ts'
import { cashSession } from '../../src/modules/cash-session/index.ts'
import { sale } from '../../src/modules/sale/index.ts'
import type { AnyOperationDefinition } from '../../src/sync/module.ts'

export const offlineOperations: ReadonlyMap<string, AnyOperationDefinition> = new Map(
  [cashSession, sale, attendance]
    .flatMap(({ operations }) => operations)
    .filter(({ offline }) => offline)
    .map((definition) => [definition.type, definition]),
)
