/**
 * `npm run replay -- FILE.csv [options]`
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createGateway } from './gateway.ts'
import { readOptions, usage } from './options.ts'
import { NotNow, type Persistence } from './persistence.ts'
import { createProgress } from './progress.ts'
import { replay } from './replay.ts'
import { ReplayError } from './replay-error.ts'
import { sdkTills } from './sdk-tills.ts'
import { summaryOf } from './summary.ts'
import { httpTills } from './transport.ts'

/** With the waits between them about a minute and a half: a gateway that restarts is back by then. */
const persistence: Persistence = { tries: 25, sleep, random: Math.random }

async function main(): Promise<boolean> {
  const { file, url, tenant, staff, pin, batch, retry, help, viaClient, queue } = readOptions(
    process.argv.slice(2),
  )
  if (help) {
    console.log(usage)
    return true
  }
  const credentials = { tenantId: tenant, staffCode: staff, pin, deviceId: 'replay' }
  const gateway = createGateway(url, credentials, persistence)
  await gateway.signIn().catch((error: unknown) => {
    if (!(error instanceof NotNow)) throw error
    throw new ReplayError(`${error.message}: start a gateway with "npm start", or name another with --url`)
  })
  const report = await replay({
    file,
    tenantId: tenant,
    gateway,
    openTill: viaClient
      ? sdkTills({ url, staffCode: staff, pin, queueFolder: queue, retry, persistence })
      : httpTills(gateway, { retry }),
    batchSize: viaClient ? Number.POSITIVE_INFINITY : batch,
    progress: createProgress(process.stderr),
    now: Date.now,
  })
  console.log(summaryOf(file, report))
  return report.addsUp
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(error instanceof ReplayError ? error.message : error)
  process.exitCode = 1
}
