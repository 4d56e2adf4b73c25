/**
 * How much one request carries, from what the last ones took: pure. A size is whatever the caller cuts by (bytes of a
 * batch, changes of a page). It is small at first, as nothing is known of the line, and then such that a request takes
 * about as long as it should (`targetMs`): a lost one costs no more than that, and a round trip is a small part of it.
 * Beyond one, whatever the line or what stands in it does, a size ends at what gets through:
 *
 *   carried   the whole size got through: so much of it as would have taken the time, four times as much at most
 *   late      no answer in time: half
 *   tooLarge  turned away for its size (a proxy's 413, BATCH_TOO_LARGE): half, and carefully from then on: that size is not
 *             asked again, but after many that got through
 *   refused   turned away or broken (5xx, a page of a proxy): half, and the same where more is refused again after less
 *             got through
 */
export type Sizing = {
  /** What the next request may carry; never less than one. */
  readonly size: number
  /** The smallest that was refused after one as large had got through, or none had; null: none. */
  readonly refused: number | null
  /** The largest that got through since a size was refused last; 0: none. */
  readonly through: number
  /** It is the size, and no server that was away: so it was told, or less got through and then more was refused again. */
  readonly isSure: boolean
}

export const sizingFrom = (size: number): Sizing => ({ size, refused: null, through: 0, isSure: false })

type SizeRefusal = 'tooLarge' | 'refused'
export type SizeEvent =
  /** `isWhole`: there was more to carry than it did. Less than may be carried says nothing of what could be. */
  | { type: 'carried'; size: number; ms: number; isWhole: boolean }
  | { type: 'late' | SizeRefusal; size: number }

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
/**
 * How much a refused size is doubted by each that got through. A server that is away refuses one size after the other,
 * and when it is back they are tried again soon; what is refused for its size, in twenty requests.
 */
const doubt = { unsure: 2, sure: 1 + 1 / 64 }

/** `max`: what a size may come to. `target`: how long a request should take, in ms. */
export function resized(
  known: Sizing,
  event: SizeEvent,
  { max, target }: { max: number; target: number },
): Sizing {
  const within = (wanted: number, limit: number) => Math.max(1, Math.floor(Math.min(wanted, limit, max)))
  const half = within(Math.min(known.size, event.size) / 2, max)
  if (event.type === 'late') return { ...known, size: half }
  if (event.type !== 'carried')
    return {
      size: half,
      refused: Math.min(known.refused ?? event.size, event.size),
      through: 0,
      isSure:
        event.type === 'tooLarge' ||
        (known.refused !== null && known.through > 0 && event.size > known.through),
    }
  // As large as what was refused: it was not the size.
  const refused = known.refused !== null && event.size < known.refused ? known.refused : null
  const isSure = refused !== null && known.isSure
  const through = Math.max(known.through, event.size)
  if (!event.isWhole) return { size: known.size, refused, through, isSure }
  const growth = Math.min(maxGrowth, target / Math.max(1, event.ms))
  return {
    size: within(event.size * growth, refused === null ? max : refused * careful),
    refused: refused === null ? null : refused * (isSure ? doubt.sure : doubt.unsure),
    through,
    isSure,
  }
}
