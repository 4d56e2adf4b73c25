/**
 * The SDK: an offline client of the gateway. See `docs/client.md`.
 */
export type {
  ClientOptions,
  Document,
  Environment,
  OnlineOptions,
  People,
  PerformOptions,
  QueryOptions,
  SyncClient,
  Upcast,
} from './api.ts'
export { createSyncClient } from './client.ts'
export { AnswerLost, Offline, OperationBlocked, SyncClientError, SyncFailed } from './errors.ts'
/** The queue of a store that no client can be opened with. */
export { exportStore as exportQueue } from './outbox/transfer.ts'
export { indexedDbStore } from './store/indexed-db.ts'
export { memoryStore } from './store/memory.ts'
export { sqliteStore } from './store/sqlite.ts'
export {
  type Collection,
  type Entry,
  type Store,
  StoreError,
  type StoreFault,
  type Transaction,
} from './store/store.ts'
export { createTransport } from './transport/http.ts'
/** The transport alone, for a program that keeps nothing and needs no queue, such as the console. */
export { type Nudge, type Transport, TransportError, type TransportFault } from './transport/transport.ts'
export type {
  Context,
  Entity,
  EntityKind,
  EntityPayloads,
  FailedOperation,
  Json,
  ModuleScope,
  OfflinePayloads,
  OfflineType,
  OnlinePayloads,
  OnlineType,
  Person,
  QueuedOperation,
  QueueStatus,
  Status,
  Verdict,
  WayOut,
  Where,
} from './words.ts'
