/**
 * Queueing sales, device by device in turn, beside one plain durable write. Nothing of Node's: pages run it as well.
 */
import type { OfflinePayloads } from '../../client/sdk/index.ts'
import type { Device } from './device.ts'

export type Sale = OfflinePayloads['sale.finalize']

/** Milliseconds of each, `plain` among the names. The first `warmUp` sales do not count. */
export async function enqueueInTurn(
  devices: Readonly<Record<string, Device>>,
  plain: (i: number) => unknown,
  sales: readonly Sale[],
  warmUp: number,
): Promise<Record<string, number[]>> {
  const work: [name: string, (sale: Sale, i: number) => unknown][] = [
    ...Object.entries(devices).map(([name, { client }]): (typeof work)[number] => [
      name,
      (sale) => client.perform('sale.finalize', sale),
    ]),
    ['plain', (_, i) => plain(i)],
  ]
  const taken: Record<string, number[]> = Object.fromEntries(work.map(([name]) => [name, []]))
  for (const [i, sale] of sales.entries())
    for (const [name, run] of work) {
      const begun = performance.now()
      await run(sale, i)
      if (i >= warmUp) taken[name]!.push(performance.now() - begun)
    }
  return taken
}
