import pg from 'pg'
import { maskUrl } from './mask.ts'
import { StartError } from './start-error.ts'

/** A connection beside the pool's, with no bound on its statements. Throws a StartError where none is to be had. */
export async function connect(url: string, options: pg.ClientConfig = {}): Promise<pg.Client> {
  try {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, ...options })
    client.on('error', () => {})
    await client.connect()
    return client
  } catch (error) {
    throw new StartError(`no usable PostgreSQL at ${maskUrl(url)}: ${reasonOf(error)}`, { cause: error })
  }
}

/** The reason in one line: without the schema engine's frame trace, and of several addresses tried the first one's. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  const text = error instanceof Error ? error.message : String(error)
  return text
    .replace(/\n\s+0: [\s\S]*/, '')
    .replace(/^external connector error\s+Error querying the database: /, '')
    .replace(/\s+/g, ' ')
    .trim()
}
