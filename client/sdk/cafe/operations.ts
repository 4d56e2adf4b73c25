/**
 * The operations of a till, with the server's own definitions: contract, permission, look-ups and decider of each. A
 * module that is to work offline adds its line here.
 */
import { attendance } from '../../../src/modules/attendance/index.ts'
import { cashSession } from '../../../src/modules/cash-session/index.ts'
import { sale } from '../../../src/modules/sale/index.ts'
import type { AnyOperationDefinition } from '../../../src/sync/module.ts'

/** All of these modules, also those that take a connection (`offline: false`). */
export const operationDefinitions: ReadonlyMap<string, AnyOperationDefinition> = new Map(
  [cashSession, sale, attendance]
    .flatMap(({ operations }) => operations)
    .map((definition) => [definition.type, definition]),
)
