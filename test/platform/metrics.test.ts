import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/platform/metrics.ts'

const known = { types: ['sale.finalize'], codes: ['BRANCH_FROZEN'] }

describe('metrics', () => {
  it('count what is not known as other, however many names a client makes up', async () => {
    const { countOperation, registry } = createMetrics(known)
    countOperation({ status: 'APPLIED', code: null, lane: 'batch', type: 'sale.finalize' })
    countOperation({ status: 'REJECTED', code: 'BRANCH_FROZEN', lane: 'batch', type: 'sale.finalize' })
    for (let i = 0; i < 100; i++)
      countOperation({ status: 'REJECTED', code: `C${i}`, lane: 'batch', type: `t${i}` })
    const series = (await registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith('modula_operations_total'))
    expect(series).toEqual([
      'modula_operations_total{status="APPLIED",code="",lane="batch",type="sale.finalize"} 1',
      'modula_operations_total{status="REJECTED",code="BRANCH_FROZEN",lane="batch",type="sale.finalize"} 1',
      'modula_operations_total{status="REJECTED",code="other",lane="batch",type="other"} 100',
    ])
  })

  it("are each gateway's own", async () => {
    const [one, other] = [createMetrics(known), createMetrics(known)]
    one.countPage({ count: 3, headSeq: 9, pulledSeq: 9 })
    expect(await other.registry.metrics()).toContain('modula_changes_pulled_total 0')
  })
})
