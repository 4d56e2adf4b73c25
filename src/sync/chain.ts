/**
 * The chain of a device: what a link is made of, and what the links that came say together. Pure: the client imports it, and
 * each side hashes by its own means. docs/proof.md.
 */

/** What a link is the hash of. All texts but the number; `prev`: the link before it. */
export type LinkContent = {
  readonly chain: string
  readonly deviceSeq: number
  readonly prev: string
  readonly clientOpId: string
  readonly payloadHash: string
  readonly actorId: string
  /** ISO 8601, UTC, with milliseconds. */
  readonly occurredAt: string
}

/** RFC 8785 canonical JSON of what stands before the first link of a chain. */
export const canonicalOrigin = ({
  chain,
  deviceId,
  tenantId,
}: {
  tenantId: string
  deviceId: string
  chain: string
}): string => JSON.stringify({ chain, deviceId, tenantId })

/**
 * RFC 8785 canonical JSON of a link's content: its keys are in their order here, and its texts are well formed. In one piece,
 * as a push of 100 operations makes 100 of them.
 */
export function canonicalLink(of: LinkContent): string {
  const { actorId, chain, clientOpId, deviceSeq, occurredAt, payloadHash, prev } = of
  return JSON.stringify({ actorId, chain, clientOpId, deviceSeq, occurredAt, payloadHash, prev })
}

/**
 * An operation of which no record has this place, as its link was made: it was queued and will never come, or (`kept`) its key
 * was decided before by another road, as by the direct lane, whose answer was lost.
 */
export type GivenUp = Omit<LinkContent, 'chain'> & { readonly kept?: true }

/** How many of them are kept of a chain; the numbers of further ones stay missing. */
export const maxGivenUp = 200

/** One link as it came: its number, the one it holds, itself. */
export type Link = { readonly deviceSeq: number; readonly prev: string; readonly link: string }

/** Links that hold each other, from one number to another: `prev` is what the first holds, `link` the last one itself. */
export type Run = { readonly from: number; readonly to: number; readonly prev: string; readonly link: string }

/** Runs that are kept of a chain; what would begin another is counted. */
export const maxRuns = 200

/**
 * The runs with these links, in the order in which they came. `again`: it may have come before (a repeated submission, which
 * is no second link of its number). Bounded by `maxRuns`; `untracked` counts what is not in them.
 */
export function joined(
  known: readonly Run[],
  links: readonly (Link & { readonly again: boolean })[],
): { runs: Run[]; untracked: number } {
  let runs = [...known]
  let untracked = 0
  for (const { deviceSeq, prev, link, again } of links) {
    if (again && runs.some(({ from, to }) => from <= deviceSeq && deviceSeq <= to)) continue
    const before = runs.find((run) => run.to === deviceSeq - 1 && run.link === prev)
    if (!before && runs.length >= maxRuns) {
      untracked += 1
      continue
    }
    const next = runs.find((run) => run.from === deviceSeq + 1 && run.prev === link)
    const start = before ?? { from: deviceSeq, prev }
    const end = next ?? { to: deviceSeq, link }
    const run = { from: start.from, to: end.to, prev: start.prev, link: end.link }
    if (before && !next) runs[runs.indexOf(before)] = run
    else runs = [...runs.filter((each) => each !== before && each !== next), run]
  }
  return { runs, untracked }
}

export type Range = { readonly from: number; readonly to: number }

/** What a device has said of itself: its last number and link, and how many operations it holds that have not come. */
export type Head = { readonly deviceSeq: number; readonly link: string; readonly held: number }

export const chainStates = ['WHOLE', 'WAITING', 'MISSING', 'FORKED'] as const
export type ChainState = {
  readonly state: (typeof chainStates)[number]
  /** The last number up to which it is whole, and its link; null: its beginning has not come. */
  readonly whole: { readonly to: number; readonly link: string } | null
  readonly missing: readonly Range[]
  readonly missingCount: number
  /** Numbers that have another link beside the one that counts, or hold a link that none of them is. */
  readonly forks: readonly Range[]
}

const byNumber = (a: Range, b: Range) => a.from - b.from || b.to - a.to

/** Reads the runs. `origin`: link(0). */
export function stateOf(
  origin: string,
  { runs, untracked = 0 }: { runs: readonly Run[]; untracked?: number },
  head: Head | null = null,
): ChainState {
  const first = runs.filter(({ prev }) => prev === origin).toSorted(byNumber)[0]
  const sound: Run[] = first ? [first] : []
  const forks: Range[] = []
  for (const run of runs.filter((each) => each !== first).toSorted(byNumber)) {
    const isSecond = sound.some((other) => other.from <= run.to && run.from <= other.to)
    const isCut = sound.some((other) => other.to === run.from - 1 || run.to === other.from - 1)
    if (isSecond || isCut || run.prev === origin) forks.push({ from: run.from, to: run.to })
    else sound.push(run)
  }
  sound.sort(byNumber)
  if (head && isOther(sound, head)) forks.push({ from: head.deviceSeq, to: head.deviceSeq })
  const missing = gapsOf(sound, first !== undefined, head)
  const missingCount = missing.reduce((sum, { from, to }) => sum + to - from + 1, 0)
  const forked = forks.length > 0 || untracked > 0
  return {
    state: forked
      ? 'FORKED'
      : missingCount === 0
        ? 'WHOLE'
        : missingCount <= (head?.held ?? 0)
          ? 'WAITING'
          : 'MISSING',
    whole: first ? { to: first.to, link: first.link } : null,
    missing,
    missingCount,
    forks,
  }
}

/** Whether the device has another link at a number whose link is known. */
const isOther = (sound: readonly Run[], { deviceSeq, link }: Head) =>
  sound.some((run) => run.to === deviceSeq && run.link !== link)

/** Numbers between the runs, before them where the beginning has not come (one at least), and after them up to the head. */
function gapsOf(sound: readonly Run[], begun: boolean, head: Head | null): Range[] {
  const gaps: Range[] = []
  const [first] = sound
  if (first && !begun) gaps.push({ from: first.from - 1, to: first.from - 1 })
  sound.forEach((run, i) => {
    const next = sound[i + 1]
    if (next && next.from > run.to + 1) gaps.push({ from: run.to + 1, to: next.from - 1 })
  })
  const last = sound.at(-1)
  if (head && last && head.deviceSeq > last.to) gaps.push({ from: last.to + 1, to: head.deviceSeq })
  if (head && !last) gaps.push({ from: head.deviceSeq, to: head.deviceSeq })
  return gaps
}
