/**
 * The gateway asked by bare `fetch`, as one would for nothing else: no queue, no cache, no view. Pages run it as well.
 */
import { moduleScopes } from '../../src/modules/words.ts'
import type { Place } from './device.ts'
import { pullQuery } from './pull-query.ts'

export type PulledChange = {
  entityKind: string
  entityId: string
  payload: unknown
  clientOpId: string | null
}
export type Page = { changes: PulledChange[]; nextCursor: string; hasMore: boolean }

/** Posts a body of GraphQL over HTTP; the data of the answer. */
export async function post<Data>({ url, token }: Place, body: string): Promise<Data> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const { data, errors } = await (await fetch(url, { method: 'POST', headers, body })).json()
  if (errors?.length) throw new Error(errors.map(({ message }: { message: string }) => message).join('; '))
  return data
}

/** Pulls every page after the cursor (null: from the first), and takes each to `onPage`; the cursor after them. */
export async function pullAll(
  place: Place,
  cursor: string | null,
  onPage: (page: Page) => unknown = () => {},
): Promise<string> {
  const { tenantId, branchId } = place
  const input = { tenantId, branchId, deviceId: 'bench', moduleScopes, limit: 1_000 }
  let next = cursor
  for (;;) {
    const variables = { input: { ...input, cursor: next } }
    const { syncPull } = await post<{ syncPull: Page }>(
      place,
      JSON.stringify({ query: pullQuery, variables }),
    )
    await onPage(syncPull)
    next = syncPull.nextCursor
    if (!syncPull.hasMore) return next
  }
}
