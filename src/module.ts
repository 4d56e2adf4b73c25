/**
 * What a module is written with, `modula-sync/module`: the half that a gateway and a till share. Pure, so that it runs in a
 * browser as it does in a gateway. docs/modules.md says it step by step.
 */
export {
  type Accepted,
  accept,
  alreadyApplied,
  type Decision,
  defineModule,
  defineOperation,
  isDecision,
  type ModuleDefinition,
  type Operation,
  type OperationDefinition,
  type Rejected,
  reject,
} from './sync/module.ts'
export type { State } from './sync/state.ts'
export {
  col,
  defineFinder,
  defineTable,
  nullable,
  type Read,
  type Row,
  type Table,
  type Write,
} from './sync/table.ts'
export {
  defineTillModule,
  entity,
  entityOf,
  granted,
  type Known,
  local,
  online,
  rowsFrom,
  someEntity,
  type Thing,
  type TillModule,
  thing,
  typeOnly,
  type Wire,
} from './sync/till.ts'
