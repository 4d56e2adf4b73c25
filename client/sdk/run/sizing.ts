/**
 * How much one request carries, from what the last ones took: pure. A size is whatever the caller cuts by (bytes of a
 * batch, changes of a page). It is small at first, as nothing is known of the line, and then such that a request takes
 * about as long as it should (`targetMs`): a lost one costs no more than that, and a round trip is a small part of it.
 * Beyond one, whatever the line or what stands in it does, a size ends at what gets through:
 *
 *   carried   the whole size got through: so much of it as would have taken the time, four times as much at most
 *   late      no answer in time: half
 *   refused   turned away or broken (a proxy's 413, BATCH_TOO_LARGE, 5xx, half a body): half, and from then on carefully:
 *             that size is not asked again, but after many that got through
 */
export type Sizing = {
  /** What the next request may carry; never less than one. */
  readonly size: number
  /** The smallest that was refused after one as large had got through, or none had; null: none. */
  readonly refused: number | null
}

export type SizeEvent =
  /** `isWhole`: there was more to carry than it did. Less than may be carried says nothing of what could be. */
  { type: 'carried'; size: number; ms: number; isWhole: boolean } | { type: 'late' | 'refused'; size: number }

/**
 * Long against the round trip of a bad line, short against the patience of a person and a proxy. Of sending, nothing is
 * seen until the answer, so a batch ends well before `silence.ts` suspects it. A page is seen as it comes, and of each
 * the line is idle for a second where it is worst (32 kbit/s, 600 ms: until its first packet is there): in 6 s a
 * sixth, in 4 s a quarter.
 */
export const targetMs = { batch: 4_000, page: 6_000 }
export type Sized = keyof typeof targetMs
/** Of growth from one request to the next: a good line is at its largest size after three. */
const maxGrowth = 4
/** How near to a refused size one may come. */
const careful = 3 / 4
/** How much a refused size is doubted by each that got through: in twenty requests it is tried again. */
const doubt = 1 + 1 / 64

/** `max`: what a size may come to. `target`: how long a request should take, in ms. */
export function resized(
  { size, refused }: Sizing,
  event: SizeEvent,
  { max, target }: { max: number; target: number },
): Sizing {
  const within = (wanted: number, limit: number) => Math.max(1, Math.floor(Math.min(wanted, limit, max)))
  if (event.type !== 'carried')
    return {
      size: within(Math.min(size, event.size) / 2, max),
      refused: event.type === 'late' ? refused : Math.min(refused ?? event.size, event.size),
    }
  // It was not the size that was refused.
  const known = refused !== null && event.size < refused ? refused : null
  if (!event.isWhole) return { size, refused: known }
  const growth = Math.min(maxGrowth, target / Math.max(1, event.ms))
  return {
    size: within(event.size * growth, known === null ? max : known * careful),
    refused: known === null ? null : known * doubt,
  }
}
