/**
 * What row-level security costs: the same gateway on two databases, one of which has no policies. Batches of 100 sales,
 * pages of 1,000 changes, and pulls of nothing, of which a till makes the most. Request by request in turn, so that what else
 * the machine does is as much beside both.
 */

import { secureRows } from '../src/platform/row-security.ts'
import { appliedBy, branchName, decide, makeCafe, saleOperation, signIn, Till } from './support/cafe.ts'
import { openLine } from './support/http.ts'
import { takeTurns, timed } from './support/measure.ts'
import { endOf, pagesOver } from './support/pages.ts'
import { type Line, times } from './support/report.ts'
import { type Stage, vacuumAnalyze, withClient, withServices } from './support/stage.ts'
import { fillStream } from './support/stream.ts'

const [pulledBranch, pushedBranch] = [branchName(0), branchName(1)]
const most = times(1.05)

export async function rowSecurity(stage: Stage): Promise<Line[]> {
  const secured = await openSide(stage, 'secured')
  const open = await openSide(stage, 'open')
  try {
    const line = async (what: string, rounds: number, kind: 'push' | 'page' | 'nothing'): Promise<Line> => {
      const ms = await takeTurns(rounds, { ours: secured[kind], beside: open[kind] })
      const beside = { what: 'without policies', value: ms.beside }
      return { what: `${what}, with row-level security`, unit: 'ms', ours: ms.ours, beside, target: most }
    }
    return [
      await line('push of 100 sales', 80, 'push'),
      await line('pull of 1,000 changes', 200, 'page'),
      await line('pull of nothing', 1_000, 'nothing'),
    ]
  } finally {
    await secured.close()
    await open.close()
  }
}

async function openSide(stage: Stage, name: 'secured' | 'open') {
  const databaseUrl = await stage.createDatabase(name)
  await withServices(databaseUrl, async (services) => {
    await makeCafe(services, 2)
    const sales = Array.from({ length: 300 }, (_, i) => saleOperation(pulledBranch, i, { onlyDrink: true }))
    await decide(services, sales)
  })
  if (name === 'open') await secureRows(databaseUrl, false)
  await withClient(databaseUrl, async (db) => {
    await fillStream(db, pulledBranch, 2_000)
    await vacuumAnalyze(db)
  })
  const gateway = await stage.openGateway(databaseUrl)
  const till = new Till(pushedBranch, `till ${name}`)
  const pushes = openLine(`${gateway.url}/graphql`, await signIn(gateway.url, { deviceId: till.deviceId }))
  const pulls = openLine(`${gateway.url}/graphql`, await signIn(gateway.url))
  const pages = pagesOver(pulls, { branchId: pulledBranch, limit: 1_000 })
  const after = async (cursor: string | null) => endOf(await pages(cursor)).cursor
  const end = await after(await after(await after(null)))
  return {
    push() {
      const [batch] = till.batches(1)
      return timed(async () => appliedBy(await pushes.post(batch!)))
    },
    page: () => timed(() => pages(null)),
    nothing: () => timed(() => pages(end)),
    async close() {
      pushes.close()
      pulls.close()
      await gateway.stop()
      await stage.dropDatabase(name)
    },
  }
}
