/**
 * The operations of a till, with the server's own definitions: contract, permission, look-ups and decider of each. A
 * module that is to work offline adds its line here.
 */
import * as attendance from '../../../src/modules/attendance/operations.ts'
import * as cashSession from '../../../src/modules/cash-session/operations.ts'
import * as sale from '../../../src/modules/sale/operations.ts'
import type { AnyOperationDefinition } from '../../../src/sync/module.ts'

/** All of these modules, also those that take a connection (`offline: false`). */
export const operationDefinitions: ReadonlyMap<string, AnyOperationDefinition> = new Map(
  [cashSession, sale, attendance]
    .flatMap((operations): AnyOperationDefinition[] => Object.values(operations))
    .map((definition) => [definition.type, definition]),
)
