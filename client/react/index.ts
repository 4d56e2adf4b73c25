/**
 * Thin hooks over the SDK. A component is drawn again only when what it reads has changed: entities keep their identity
 * until then, and so do the lists made of them.
 */
import {
  createContext,
  createElement,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react'
import type {
  Entity,
  EntityKind,
  OfflinePayloads,
  OfflineType,
  OnlineType,
  PerformOptions,
  Person,
  QueuedOperation,
  Status,
  SyncClient,
  SyncClientError,
  Where,
} from '../sdk/index.ts'

import { useAction } from './use-action.ts'

export { type Action, useAction } from './use-action.ts'

const ClientContext = createContext<SyncClient | null>(null)

export function SyncProvider({ client, children }: { client: SyncClient; children?: ReactNode }) {
  return createElement(ClientContext, { value: client }, children)
}

/** The client of the nearest provider. Throws where there is none. */
export function useSyncClient(): SyncClient {
  const client = useContext(ClientContext)
  if (!client) throw new Error('useSyncClient needs a <SyncProvider> around it')
  return client
}

/** What a store says now, also where a page is made on a server: there it is what it was opened with. */
const useRead = <T>(subscribe: (listener: () => void) => () => void, read: () => T): T =>
  useSyncExternalStore(subscribe, read, read)

/** For `useRead`: told of whatever changes in the client. */
const useSubscribe = (client: SyncClient) =>
  useCallback((listener: () => void) => client.subscribe(listener), [client])

/** The status, or a part of it: `useSyncStatus((status) => status.pending)`. */
export function useSyncStatus(): Status
export function useSyncStatus<Part>(select: (status: Status) => Part): Part
export function useSyncStatus<Part>(select?: (status: Status) => Part): Status | Part {
  const client = useSyncClient()
  return useSame(client, () => (select ? select(client.status()) : client.status()))
}

/** What is made anew each time but says the same is the same. */
function useSame<T>(client: SyncClient, read: () => T): T {
  const last = useRef<T | null>(null)
  return useRead(useSubscribe(client), () => {
    const now = read()
    if (!isSame(last.current, now)) last.current = now
    return last.current as T
  })
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b)
}

/**
 * What is known of a kind, with the effect of what is not confirmed yet. A `where` with fields may be written in place;
 * one that is a function should keep its identity (`useCallback`).
 */
export function useEntities<Kind extends EntityKind>(
  kind: Kind,
  { where }: { where?: Where<Kind> } = {},
): readonly Entity<Kind>[] {
  const client = useSyncClient()
  const fields = typeof where === 'function' ? null : JSON.stringify(where)
  // biome-ignore lint/correctness/useExhaustiveDependencies: fields are compared by what they say
  const watched = useMemo(() => {
    let entities: readonly Entity<Kind>[] = client.query(kind, { where })
    return {
      subscribe: (listener: () => void) =>
        client.watch(kind, where, (now) => {
          if (entities.length === now.length && entities.every((each, i) => each === now[i])) return
          entities = now
          listener()
        }),
      read: () => entities,
    }
  }, [client, kind, fields ?? where])
  return useRead(watched.subscribe, watched.read)
}

export function useEntity<Kind extends EntityKind>(
  kind: Kind,
  id: string | null | undefined,
): Entity<Kind> | undefined {
  const client = useSyncClient()
  const subscribe = useCallback(
    (listener: () => void) => client.watch(kind, undefined, listener),
    [client, kind],
  )
  return useRead(subscribe, () => (id ? client.get(kind, id) : undefined))
}

/** What the gateway has not answered yet, oldest first. */
export function useWaiting(): readonly QueuedOperation[] {
  const client = useSyncClient()
  return useRead(useSubscribe(client), () => client.waiting())
}

/** The people who have signed in on this device. */
export function usePeople(tenantId?: string): readonly Person[] {
  const { people } = useSyncClient()
  const subscribe = useCallback((listener: () => void) => people.subscribe(listener), [people])
  return useRead(subscribe, () => people.list(tenantId))
}

/** Why an operation would not be taken now, or null: for buttons. */
export function useBlocked(type: OnlineType): { code: string; message: string } | null {
  const client = useSyncClient()
  return useSame(client, () => client.blocked(type))
}

export type Performing = {
  /** Queues the operation; resolves to its key, or to null where it was blocked (`blocked` then says why). */
  perform: <Type extends OfflineType>(
    type: Type,
    payload: OfflinePayloads[Type],
    options?: PerformOptions,
  ) => Promise<string | null>
  isPerforming: boolean
  /** Why the last one was blocked. */
  blocked: SyncClientError | null
}

/** `client.perform` for a form or a button. Errors other than a block are thrown on. */
export function usePerform(): Performing {
  const client = useSyncClient()
  const { run, isBusy, problem } = useAction()
  const perform: Performing['perform'] = useCallback(
    async (type, payload, options) => {
      let clientOpId: string | null = null
      await run(async () => {
        clientOpId = (await client.perform(type, payload, options)).clientOpId
      })
      return clientOpId
    },
    [client, run],
  )
  return { perform, isPerforming: isBusy, blocked: problem as SyncClientError | null }
}
