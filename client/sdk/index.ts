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
/** The modules of a till that names none, to put one's own beside them. */
export { cafeTill, theSale, theSession } from './cafe.ts'
export { createSyncClient } from './client.ts'
export { AnswerLost, Offline, OperationBlocked, SyncClientError, SyncFailed } from './errors.ts'
/** How wrong this device's clock is, for a program that has the transport alone. */
export { createServerClock } from './link/server-clock.ts'
/** The queue of a store that no client can be opened with. */
export { exportStore as exportQueue } from './outbox/transfer.ts'
export { indexedDbStore } from './store/indexed-db.ts'
export { memoryStore } from './store/memory.ts'
export { type Records, type SerialKind, serialStore } from './store/serial.ts'
export { sqliteStore } from './store/sqlite.ts'
export {
  type Collection,
  type Entry,
  type Store,
  StoreError,
  type StoreFault,
  type Transaction,
} from './store/store.ts'
export { type Nudge, type Transport, TransportError, type TransportFault } from './transport/transport.ts'
export { createTransport } from './transport-alone.ts'
/** All of it, so that `Register` can be filled by name of this door. */
export type * from './typed.ts'
export type { Approval, ClientCode, Context, Json, QueueStatus, WayOut } from './words.ts'
