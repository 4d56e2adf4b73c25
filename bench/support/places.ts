/**
 * Where the benchmarks of the client work: branches of a café of their own, behind a gateway of its own.
 */
import { admin, branchName, decide, makeCafe, saleOperation, signIn, tenantId } from './cafe.ts'
import type { Place } from './device.ts'
import { type Stage, vacuumAnalyze, withClient, withServices } from './stage.ts'
import { fillStream } from './stream.ts'

/** Sales that are copied to make a long stream. */
const originals = 300

/**
 * Makes one branch for each of `changes`, with a stream of that many changes (0: what a branch begins with), opens the
 * gateway, and closes it after the work.
 */
export async function withPlaces<T>(
  stage: Stage,
  name: string,
  changes: readonly number[],
  work: (places: Place[], databaseUrl: string) => Promise<T>,
): Promise<T> {
  const databaseUrl = await stage.createDatabase(name)
  const long = changes.flatMap((count, i) => (count > 0 ? [{ branchId: branchName(i), count }] : []))
  await withServices(databaseUrl, async (services) => {
    await makeCafe(services, changes.length)
    for (const { branchId } of long)
      await decide(
        services,
        Array.from({ length: originals }, (_, i) => saleOperation(branchId, i)),
      )
  })
  await withClient(databaseUrl, async (db) => {
    for (const { branchId, count } of long) await fillStream(db, branchId, count)
    await vacuumAnalyze(db)
  })
  const gateway = await stage.openGateway(databaseUrl)
  try {
    const token = await signIn(gateway.url)
    const url = `${gateway.url}/graphql`
    const places = changes.map((_, i) => ({ url, token, tenantId, branchId: branchName(i), actorId: admin }))
    return await work(places, databaseUrl)
  } finally {
    await gateway.stop()
    await stage.dropDatabase(name)
  }
}
