import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { createMetrics, leftOf, metricsText, registerGauges } from '../../src/platform/metrics.ts'

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

  it('are of two threads together: what is away is so for both, and what was counted stays when one ends', async () => {
    const [own, thread] = [createMetrics(known), createMetrics(known)]
    for (const [metrics, busHealthy] of [
      [own, false],
      [thread, true],
    ] as const)
      registerGauges(metrics, {
        pool: () => ({ total: 2, idle: 1, waiting: 0 }),
        batches: () => ({ inHand: 0, waitingForConnection: 0 }),
        nudges: () => ({ sinks: 0, busyBranches: 0 }),
        busHealthy: () => busHealthy,
        replicaUsable: () => null,
        version: '1.0.0',
      })
    for (const { writesRefused, pushSeconds, signIns } of [own, thread]) {
      writesRefused.set(1)
      pushSeconds.observe(1)
      signIns.inc({ result: 'ok' })
    }
    const told = await thread.registry.getMetricsAsJSON()
    const counted = [
      'modula_bus_up 0',
      'modula_writes_refused 1',
      'modula_push_batch_seconds_count 2',
      'modula_sign_ins_total{result="ok"} 2',
    ]
    const busy = (n: number) => `modula_database_connections{state="busy"} ${n}`
    const lines = async (ofThreads: (typeof told)[]) =>
      (await metricsText(new Registry(), own, ofThreads)).text.split('\n')
    expect(await lines([told])).toEqual(expect.arrayContaining([...counted, busy(2)]))
    const left = await leftOf([], told)
    expect(await lines([left])).toEqual(expect.arrayContaining([...counted, busy(1)]))
    expect(await lines([await leftOf(left, told)])).toContain('modula_push_batch_seconds_count 3')
  })
})
