/**
 * The cursor: where a client is in a branch's stream, scope by scope, and in whose view of it. Opaque to clients.
 * It holds no secret and gives no right: what the caller may see is looked up at every pull.
 */
import { z } from 'zod'
import type { ModuleScope, ResetReason, ScopeDefinition } from './words.ts'

/** How far some scopes were read. Scopes that were read together are one part, so that a cursor stays short. */
export type Part = {
  readonly scopes: readonly ModuleScope[]
  /** Whose view of them it is: '' where all see the same. Another view is another part. */
  readonly view: string
  /** Everything up to here was seen. */
  readonly seq: number
  /** While they are loaded: the head when that began; what was purged up to it was never needed. */
  readonly base: number
}

export type Cursor = {
  readonly tenantId: string
  readonly branchId: string
  readonly epoch: string
  readonly parts: readonly Part[]
}

/** Other people's views that a cursor carries on, for a device that several use; the one furthest behind goes first. */
const maxOtherViews = 32
/** More than a gateway has scopes (module.ts): one that has fewer today reads the cursors of one that had more. */
const maxNames = 128
const maxParts = maxOtherViews + 2 * maxNames

const seq = z.int().nonnegative()
const envelope = [z.string(), z.string(), z.string()] as const
const bits = z
  .int()
  .nonnegative()
  .max(2 ** 31 - 1)
/** The names of its scopes stand in it, once; each part says which of them it is of, by their places there. */
const shape = z.tuple([
  z.literal(3),
  ...envelope,
  z.array(z.string()).max(maxNames),
  z.array(z.tuple([z.array(seq).max(maxNames), z.string(), seq, seq])).max(maxParts),
])
/** Of the second edition: scopes as bits. */
const secondShape = z.tuple([
  z.literal(2),
  ...envelope,
  z.array(z.tuple([bits, z.string(), seq, seq])).max(48),
])
/** Of the first: one position for all scopes, one view for all of them. */
const firstShape = z.tuple([z.literal(1), ...envelope, bits, z.string(), seq, seq])

export function encodeCursor({ tenantId, branchId, epoch, parts }: Cursor): string {
  const names = [...new Set(parts.flatMap(({ scopes }) => scopes))]
  const listed = parts.map(({ scopes, view, seq, base }) => [
    scopes.map((scope) => names.indexOf(scope)),
    ...[view, seq, base],
  ])
  return Buffer.from(JSON.stringify([3, tenantId, branchId, epoch, names, listed])).toString('base64url')
}

/** Null for anything that this gateway, or one of the editions before it, did not make. `known`: the scopes that there are. */
export function decodeCursor(text: string, known: KnownScopes): Cursor | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    const former = ofFormerEdition(value, known)
    if (former) return former
    const [, tenantId, branchId, epoch, names, listed] = shape.parse(value)
    const parts = listed.map(([places, view, seq, base]) => ({
      scopes: places.map((place) => z.string().parse(names[place])),
      ...{ view, seq, base },
    }))
    return { tenantId, branchId, epoch, parts }
  } catch {
    return null
  }
}

export type KnownScopes = ReadonlyMap<ModuleScope, ScopeDefinition>

function ofFormerEdition(value: unknown, known: KnownScopes): Cursor | null {
  const isPersonal = (scope: ModuleScope) => known.get(scope)?.readAll !== undefined
  const named = (bits: number) =>
    [...known].flatMap(([scope, { formerBit }]) =>
      formerBit !== undefined && bits & (1 << formerBit) ? [scope] : [],
    )
  const second = secondShape.safeParse(value).data
  if (second) {
    const [, tenantId, branchId, epoch, listed] = second
    const parts = listed.map(([bits, view, seq, base]) => ({ scopes: named(bits), view, seq, base }))
    return { tenantId, branchId, epoch, parts }
  }
  const first = firstShape.safeParse(value).data
  if (!first) return null
  const [, tenantId, branchId, epoch, bits, view, seq, base] = first
  const scopes = named(bits)
  const parts = [
    { scopes: scopes.filter((scope) => !isPersonal(scope)), view: '', seq, base },
    { scopes: scopes.filter(isPersonal), view, seq, base },
  ]
  return { tenantId, branchId, epoch, parts: parts.filter((part) => part.scopes.length > 0) }
}

/** What is asked for: each scope once, with the view of it that the caller has. */
export type Wanted = {
  readonly tenantId: string
  readonly branchId: string
  readonly scopes: readonly { readonly scope: ModuleScope; readonly view: string }[]
}

/** Where the cursor is in a scope; null where it has not begun with it, or in another view. */
export const partOf = (
  cursor: Cursor | null,
  { scope, view }: { scope: ModuleScope; view: string },
): Part | null => cursor?.parts.find((part) => part.scopes.includes(scope) && part.view === view) ?? null

/** The cursor after a page: where each scope that was asked for is now; the others stay where they were. */
export function moved(
  before: Cursor | null,
  wanted: Wanted,
  epoch: string,
  at: ReadonlyMap<ModuleScope, { seq: number; base: number }>,
): Cursor {
  const parts: Part[] = wanted.scopes.map(({ scope, view }) => {
    const { seq, base } = at.get(scope)!
    // Behind its base a scope is still being loaded; from there on the base says nothing more.
    return { scopes: [scope], view, seq, base: seq < base ? base : 0 }
  })
  const carried = (before?.parts ?? []).flatMap((part) => {
    const taken = wanted.scopes.filter(({ view }) => view === part.view).map(({ scope }) => scope)
    const scopes = part.scopes.filter((scope) => !taken.includes(scope))
    return scopes.length === 0 ? [] : [{ ...part, scopes }]
  })
  const shared = carried.filter(({ view }) => view === '')
  const ofOthers = carried.filter(({ view }) => view !== '').sort((a, b) => b.seq - a.seq)
  const { tenantId, branchId } = wanted
  return {
    ...{ tenantId, branchId, epoch },
    parts: joined([...parts, ...shared, ...ofOthers.slice(0, maxOtherViews)]),
  }
}

function joined(parts: readonly Part[]): Part[] {
  const byPlace = new Map<string, Part>()
  for (const part of parts) {
    const place = JSON.stringify([part.view, part.seq, part.base])
    const there = byPlace.get(place)?.scopes ?? []
    byPlace.set(place, { ...part, scopes: [...new Set([...there, ...part.scopes])] })
  }
  return [...byPlace.values()]
}

export type StreamState = { epoch: string; headSeq: number; horizonSeq: number }

/** Something that this part has not seen was purged meanwhile. */
export const isExpired = ({ seq, base }: Part, { horizonSeq }: StreamState) =>
  Math.max(seq, base) < horizonSeq

/**
 * Why the client must rebuild this branch, or null where the cursor holds (EC-OS-07, EC-OS-08). `addsScopes`: what the
 * cursor lacks, or has too old, is to be loaded beside the rest; only a stream that is another one is begun anew.
 */
export function resetReason(
  cursor: Cursor | null,
  wanted: Wanted,
  stream: StreamState,
  { addsScopes = false } = {},
): ResetReason | null {
  if (!cursor) return 'CURSOR_MALFORMED'
  if (cursor.tenantId !== wanted.tenantId || cursor.branchId !== wanted.branchId) return 'STREAM_MISMATCH'
  if (cursor.epoch !== stream.epoch) return 'STREAM_RESET'
  if (!addsScopes && !isExactly(cursor, wanted)) return 'SCOPE_MISMATCH'
  const isAhead = ({ seq, base }: Part) => seq > stream.headSeq || base > stream.headSeq
  if (cursor.parts.some(isAhead)) return 'CURSOR_AHEAD'
  if (!addsScopes && cursor.parts.some((part) => isExpired(part, stream))) return 'CURSOR_EXPIRED'
  return null
}

/** The cursor is of these scopes, in these views, and of no others. */
function isExactly(cursor: Cursor, { scopes }: Wanted): boolean {
  const asked = new Set(scopes.map(({ scope }) => scope))
  return (
    cursor.parts.every((part) => part.scopes.every((scope) => asked.has(scope))) &&
    scopes.every((each) => partOf(cursor, each) !== null)
  )
}

export const resetMessages: Record<ResetReason, string> = {
  CURSOR_MALFORMED: 'This cursor was not made by this server.',
  CURSOR_EXPIRED: 'This device was away for so long that changes it has not seen are no longer kept.',
  CURSOR_AHEAD: 'This cursor is ahead of the server, whose data was restored from an earlier time.',
  SCOPE_MISMATCH: 'The cursor belongs to another set of modules, or to another view of them.',
  STREAM_MISMATCH: 'The cursor belongs to another branch.',
  STREAM_RESET: 'The stream of this branch was rebuilt.',
}
