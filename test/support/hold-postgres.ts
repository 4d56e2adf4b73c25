/** A process that opens the embedded database of the folder named and holds it, as a gateway does, until SIGTERM. */
import { createLogger } from '../../src/platform/log.ts'
import { openPostgres } from '../../src/platform/postgres.ts'

const postgres = await openPostgres({ dataDir: process.argv[2]!, log: createLogger('silent') })
process.once('SIGTERM', () => postgres.stop().then(() => process.exit(0)))
console.log(postgres.url)
