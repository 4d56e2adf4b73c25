/**
 * The cursor: where a client is in a branch's stream, and for whom and what that is true. Opaque to clients.
 * It holds no secret and gives no right: what the caller may see is looked up at every pull.
 */
import { z } from 'zod'
import { type ModuleScope, moduleScopes, type ResetReason } from './words.ts'

export type Cursor = {
  readonly tenantId: string
  readonly branchId: string
  readonly epoch: string
  readonly scopes: number
  /** Whose view of the stream it is: `all`, or `own` and the account whose own records alone are included. */
  readonly view: string
  /** Everything up to here was seen. */
  readonly seq: number
  /** The head of the stream when this client's bootstrap began: what was purged up to it was never needed. */
  readonly base: number
}

const shape = z.tuple([
  z.literal(1),
  z.string(),
  z.string(),
  z.string(),
  z.int().nonnegative(),
  z.string(),
  z.int().nonnegative(),
  z.int().nonnegative(),
])

export function encodeCursor(c: Cursor): string {
  const parts = [1, c.tenantId, c.branchId, c.epoch, c.scopes, c.view, c.seq, c.base]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** Null for anything that this gateway did not make. */
export function decodeCursor(text: string): Cursor | null {
  try {
    const [, tenantId, branchId, epoch, scopes, view, seq, base] = shape.parse(
      JSON.parse(Buffer.from(text, 'base64url').toString('utf8')),
    )
    return { tenantId, branchId, epoch, scopes, view, seq, base }
  } catch {
    return null
  }
}

/** A set of scopes as bits, so that their order and repeats do not matter. */
export const scopeBits = (scopes: readonly ModuleScope[]) =>
  scopes.reduce((bits, scope) => bits | (1 << moduleScopes.indexOf(scope)), 0)

export type StreamState = { epoch: string; headSeq: number; horizonSeq: number }

/** Why the client must rebuild this branch, or null where the cursor holds (EC-OS-07, EC-OS-08). */
export function resetReason(
  cursor: Cursor | null,
  wanted: Pick<Cursor, 'tenantId' | 'branchId' | 'scopes' | 'view'>,
  stream: StreamState,
): ResetReason | null {
  if (!cursor) return 'CURSOR_MALFORMED'
  if (cursor.tenantId !== wanted.tenantId || cursor.branchId !== wanted.branchId) return 'STREAM_MISMATCH'
  if (cursor.epoch !== stream.epoch) return 'STREAM_RESET'
  if (cursor.scopes !== wanted.scopes || cursor.view !== wanted.view) return 'SCOPE_MISMATCH'
  if (cursor.seq > stream.headSeq || cursor.base > stream.headSeq) return 'CURSOR_AHEAD'
  if (Math.max(cursor.seq, cursor.base) < stream.horizonSeq) return 'CURSOR_EXPIRED'
  return null
}

export const resetMessages: Record<ResetReason, string> = {
  CURSOR_MALFORMED: 'This cursor was not made by this server.',
  CURSOR_EXPIRED: 'This device was away for so long that changes it has not seen are no longer kept.',
  CURSOR_AHEAD: 'This cursor is ahead of the server, whose data was restored from an earlier time.',
  SCOPE_MISMATCH: 'The cursor belongs to another set of modules, or to another view of them.',
  STREAM_MISMATCH: 'The cursor belongs to another branch.',
  STREAM_RESET: 'The stream of this branch was rebuilt.',
}
