/**
 * The gateway's public door, `modula-sync/gateway`: what somebody's own module is written with, and how a gateway is run
 * that has it. docs/modules.md says it step by step.
 */
export { admitted, checkedId, checkedText } from './graphql/access.ts'
export type { AddReads, Builder, Shared } from './graphql/builder.ts'
export * from './module.ts'
export { cafe, type GatewayModule } from './modules/index.ts'
export { migrate } from './platform/migrate.ts'
export { type GatewayOptions, runGateway } from './run.ts'
