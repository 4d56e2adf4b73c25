import { describe, expect, it } from 'vitest'
import { hoursOf, hoursText, mondayOf } from '../../../client/admin/lib/hours.ts'

const days = ['2026-03-02', '2026-03-03']
const zone = 'Asia/Phnom_Penh'
const now = Date.parse('2026-03-03T04:00:00Z')

describe('who worked when', () => {
  it('by the branch’s days, over midnight, and until now', () => {
    const work = [
      { actorId: 'sophea', startedAt: '2026-03-02T01:00:00Z', endedAt: '2026-03-02T05:30:00Z' },
      // From 23:00 to 01:00 in the branch.
      { actorId: 'vannak', startedAt: '2026-03-02T16:00:00Z', endedAt: '2026-03-02T18:00:00Z' },
      { actorId: 'vannak', startedAt: '2026-03-03T01:00:00Z', endedAt: null },
      { actorId: 'bopha', startedAt: '2026-02-20T01:00:00Z', endedAt: '2026-02-20T02:00:00Z' },
    ]
    expect(hoursOf(work, days, zone, now)).toEqual([
      { actorId: 'vannak', minutes: [60, 60 + 180], total: 300 },
      { actorId: 'sophea', minutes: [270, 0], total: 270 },
    ])
  })
  it('weeks begin on Monday', () =>
    expect(['2026-03-01', '2026-03-02', '2026-03-08'].map(mondayOf)).toEqual([
      '2026-02-23',
      '2026-03-02',
      '2026-03-02',
    ]))
  it('are written as a clock writes them', () => expect(hoursText(125)).toBe('2:05'))
})
