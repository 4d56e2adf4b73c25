/** Pages of a branch, as a till asks the gateway for them. */
import { moduleScopes } from '../../src/modules/words.ts'
import { tenantId } from './cafe.ts'
import type { Line } from './http.ts'
import { pullQuery } from './pull-query.ts'

/** Asks for the page after a cursor (null: the first); the answer as it came. */
export type Pages = (cursor: string | null) => Promise<Buffer>

/** Pages of so many changes over a line on which somebody is signed in. */
export function pagesOver(line: Line, { branchId, limit }: { branchId: string; limit: number }): Pages {
  const input = { tenantId, branchId, deviceId: 'bench', moduleScopes, limit }
  return (cursor) =>
    line.post(JSON.stringify({ query: pullQuery, variables: { input: { ...input, cursor } } }))
}

/** Where the page ends, found at the end of the answer. */
export function endOf(answer: Buffer): { cursor: string; hasMore: boolean } {
  const end = answer.subarray(-2_000).toString()
  const [, cursor, hasMore] = /"nextCursor":"([^"]+)","hasMore":(true|false)/.exec(end) ?? []
  if (!cursor) throw new Error(`no page, but ${answer.toString().slice(0, 300)}`)
  return { cursor, hasMore: hasMore === 'true' }
}
