/** What is made of what PostgreSQL has summed up: days and hours of the branch's clock. */
import { expect, it } from 'vitest'
import { daysFrom, salesReport } from '../../src/modules/sale/report.ts'

it('of a whole year leaves turns to others', async () => {
  const days = daysFrom('2028-01-01', '2028-12-31')!
  const sold = { sales: 1, totalUsd: 198, voided: 0 }
  const hours = days.flatMap((_, i) =>
    Array.from({ length: 24 }, (_, hour) => ({ day: i + 1, hour, ...sold })),
  )
  const db = { rows: async <Row>() => [{ hours, people: [], items: [] }] as Row[] }
  let [turns, isOver] = [0, false]
  const count = () => {
    turns += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const report = await salesReport(db, {
    tenantId: 'demo',
    branchId: 'riverside',
    timeZone: 'Asia/Tokyo',
    days,
  })
  isOver = true
  expect(report).toMatchObject({ sales: 366 * 24, totalUsd: 366 * 24 * 198 })
  expect(report.hours.map(({ sales }) => sales)).toEqual(Array(24).fill(366))
  // The answer of PostgreSQL has one.
  expect(turns).toBeGreaterThan(5)
})
