/** How the console keeps up: what it is connected by, what concerns what, and how often it asks. */
import { QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { concerns } from '../../../client/admin/lib/concern.ts'
import {
  type ConnectionEvent,
  connectionAfter,
  livenessOf,
  unconnected,
} from '../../../client/admin/lib/connection.ts'
import { bucketsOf, busiestOf, chartMs, type News, withNews } from '../../../client/admin/lib/news.ts'
import { type Page, readPages } from '../../../client/admin/lib/pages.ts'
import { createReadings } from '../../../client/admin/live/readings.ts'

describe('the connection', () => {
  const following = (...events: ConnectionEvent[]) =>
    events.reduce((connection, event, index) => connectionAfter(connection, event, index + 1), unconnected(0))

  it.each<[ConnectionEvent[], string]>([
    [[], 'connecting'],
    [['answered'], 'live'],
    [['socketOpened'], 'live'],
    [['socketClosed'], 'connecting'],
    [['socketClosed', 'answered'], 'polling'],
    [['socketOpened', 'socketClosed'], 'polling'],
    [['socketOpened', 'socketClosed', 'unanswered'], 'offline'],
    [['unanswered'], 'offline'],
    [['socketOpened', 'unanswered'], 'offline'],
    [['unanswered', 'answered'], 'live'],
    [['socketClosed', 'unanswered', 'answered'], 'polling'],
    [['socketClosed', 'unanswered', 'socketOpened'], 'live'],
  ])('after %j it is %s', (events, liveness) => expect(livenessOf(following(...events))).toBe(liveness))

  it('says since when it is so, and not since when the last of its reasons came', () => {
    expect(following('socketOpened', 'unanswered', 'socketClosed', 'unanswered').since).toBe(2)
    expect(following('socketOpened', 'answered', 'unanswered').since).toBe(3)
  })

  it('is the same where nothing has changed', () => {
    const live = following('socketOpened')
    expect(connectionAfter(live, 'answered', 9)).toBe(live)
  })
})

describe('a nudge concerns', () => {
  const nudge = { branchId: 'riverside', modules: ['SALE', 'INVENTORY'] as const }
  it.each([
    [{ modules: ['SALE'] }, true],
    [{ modules: ['MENU'] }, false],
    [{ modules: ['INVENTORY'], branchId: 'riverside' }, true],
    [{ modules: ['INVENTORY'], branchId: 'market' }, false],
    [{ modules: ['SALE'], branchId: null }, true],
    [{ modules: [] }, false],
  ] as const)('%j: %s', (interest, expected) => expect(concerns(interest, nudge)).toBe(expected))
})

describe('what is wanted often', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Somebody looks at what `read` reads. */
  function lookedAt(read: () => Promise<unknown>) {
    const readings = createReadings()
    const queryFn = async () => (await read()) ?? null
    const meta = { interest: { modules: ['SALE' as const] } }
    const looking = new QueryObserver(readings.client, { queryKey: ['sales'], queryFn, meta })
    return { ...readings, leave: looking.subscribe(() => {}) }
  }

  it('is done at once, and then at most once in a while', async () => {
    const starts: number[] = []
    const begun = Date.now()
    const { refresh } = lookedAt(async () => void starts.push(Date.now()))
    for (let ms = 0; ms < 2500; ms += 100) {
      refresh()
      await vi.advanceTimersByTimeAsync(100)
    }
    await vi.advanceTimersByTimeAsync(5000)
    expect(starts.map((at) => at - begun)).toEqual([0, 1000, 2000, 3000])
  })

  it('is never done twice at the same time, however long it takes, and once more for what came meanwhile', async () => {
    let running = 0
    let most = 0
    let runs = 0
    const { refresh } = lookedAt(async () => {
      runs += 1
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 3000))
      running -= 1
    })
    refresh()
    refresh()
    await vi.advanceTimersByTimeAsync(500)
    refresh()
    await vi.advanceTimersByTimeAsync(10_000)
    expect({ most, runs }).toEqual({ most: 1, runs: 2 })
  })

  it('is done for those alone whom it concerns, and while somebody looks', async () => {
    const read = vi.fn(async () => {})
    const { refresh, leave } = lookedAt(read)
    await vi.advanceTimersByTimeAsync(2000)
    refresh(({ modules }) => modules.includes('MENU'))
    await vi.advanceTimersByTimeAsync(2000)
    expect(read).toHaveBeenCalledTimes(1)
    refresh(({ modules }) => modules.includes('SALE'))
    await vi.advanceTimersByTimeAsync(2000)
    expect(read).toHaveBeenCalledTimes(2)
    leave()
    refresh()
    await vi.advanceTimersByTimeAsync(2000)
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('is not done after it was stopped', async () => {
    const read = vi.fn(async () => {})
    const { refresh, stop } = lookedAt(read)
    refresh()
    refresh()
    stop()
    refresh()
    await vi.advanceTimersByTimeAsync(5000)
    expect(read).toHaveBeenCalledTimes(1)
  })
})

describe('the news', () => {
  const news = (id: number, at: number, branchId = 'riverside'): News => ({
    id,
    at,
    branchId,
    modules: ['SALE'],
    headSeq: id,
  })

  it('keeps the last fifty however old, and the last minute however many', () => {
    let kept: readonly News[] = []
    for (let id = 1; id <= 60; id += 1) kept = withNews(kept, news(id, id))
    expect(kept).toHaveLength(60)
    kept = withNews(kept, news(61, chartMs + 31))
    expect(kept.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => 61 - index))
  })

  it('is counted by branch in equal parts of the last minute', () => {
    const all = [
      news(5, 120_100, 'market'),
      news(4, 119_999),
      news(3, 118_000),
      news(2, 62_000),
      news(1, 61_999),
    ]
    const buckets = bucketsOf(all, ['riverside', 'market'], 121_000, 2_000)
    expect(buckets).toHaveLength(30)
    expect(buckets.map(({ at }) => at)).toEqual(Array.from({ length: 30 }, (_, i) => 62_000 + i * 2_000))
    expect(buckets[0]!.counts).toEqual({ riverside: 1, market: 0 })
    expect(buckets.at(-2)!.counts).toEqual({ riverside: 2, market: 0 })
    expect(buckets.at(-1)!.counts).toEqual({ riverside: 0, market: 1 })
  })

  it('has the same parts as it moves on', () => {
    const all = [news(1, 119_000)]
    const at = (now: number) =>
      bucketsOf(all, ['riverside'], now, 2_000).find(({ counts }) => counts.riverside)
    expect(at(119_000)).toEqual(at(121_999))
  })

  it('does not count branches that are not shown', () => {
    const buckets = bucketsOf([news(1, 60_000, 'elsewhere')], ['riverside'], 60_000, 2_000)
    expect(buckets.every(({ counts }) => Object.keys(counts).join() === 'riverside')).toBe(true)
  })

  it('shows as many branches as there is room for: the busiest, and the others together', () => {
    const ids = ['a', 'b', 'c', 'd']
    const all = [...'bddccca'].map((branchId, i) => news(i, 60_000, branchId))
    const buckets = bucketsOf(all, ids, 60_000, 2_000)
    expect(busiestOf(buckets, ids, 4)).toEqual({ names: ids, buckets })
    const { names, buckets: shown } = busiestOf(buckets, ids, 3)
    expect(names).toEqual(['c', 'd', '*'])
    expect(shown.at(-1)!.counts).toEqual({ c: 3, d: 2, '*': 2 })
  })
})

describe('pages', () => {
  /** 1, 2, 3 ... in pages of two. */
  const numbers =
    (count: number, asked: (string | null)[] = []) =>
    async (after: string | null): Promise<Page<number>> => {
      asked.push(after)
      const from = after === null ? 0 : Number(after)
      const nodes = Array.from({ length: count }, (_, index) => index + 1).slice(from, from + 2)
      return {
        edges: nodes.map((node) => ({ node })),
        pageInfo: {
          hasNextPage: from + 2 < count,
          endCursor: nodes.length ? String(from + nodes.length) : null,
        },
      }
    }

  it('as many as are wanted, each from where the one before it ended', async () => {
    const asked: (string | null)[] = []
    expect(await readPages(numbers(5, asked), 2)).toEqual({ nodes: [1, 2, 3, 4], hasMore: true })
    expect(asked).toEqual([null, '2'])
  })
  it('no more than there are', async () => {
    expect(await readPages(numbers(5), 9)).toEqual({ nodes: [1, 2, 3, 4, 5], hasMore: false })
    expect(await readPages(numbers(4), 2)).toEqual({ nodes: [1, 2, 3, 4], hasMore: false })
    expect(await readPages(numbers(0), 2)).toEqual({ nodes: [], hasMore: false })
  })
})
