/**
 * The command line of the replay.
 */
import { parseArgs } from 'node:util'
import { ReplayError } from './replay-error.ts'

export type Options = {
  file: string
  url: string
  tenant: string
  staff: string
  pin: string
  batch: number
  retry: boolean
  viaClient: boolean
  queue: string | null
  help: boolean
}

const defaults = {
  url: 'http://127.0.0.1:4000/graphql',
  tenant: 'demo',
  staff: 'admin',
  pin: '1234',
  batch: '100',
}

export const usage = `npm run replay -- FILE.csv [options]

Replays a file of café sales against a running gateway, one till for each store.

  --url URL      where the gateway is (${defaults.url})
  --tenant ID    whose sales they are (${defaults.tenant})
  --staff CODE   who replays them; makes branches and menu, so an ADMIN (${defaults.staff})
  --pin PIN      (${defaults.pin})
  --batch N      operations in a batch, 1 to 500 (${defaults.batch})
  --retry        have what an earlier run was refused decided anew
  --via-client   let the SDK's queue do it: each till queues all of its sales, then synchronises
  --queue DIR    with --via-client: keep the tills' queues there (SQLite) instead of in memory
  --help         this text`

/** Throws a ReplayError of one line for what it does not understand. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parsed(args)
  const [file, ...more] = positionals
  if (!values.help && (file === undefined || more.length > 0))
    throw new ReplayError(
      `one file is expected, not ${positionals.length}: npm run replay -- FILE.csv [options]`,
    )
  if (!/^https?:/.test(values.url) || !URL.canParse(values.url))
    throw new ReplayError(`--url is "${values.url}"; accepted: an http(s):// URL`)
  const batch = Number(values.batch)
  if (!Number.isInteger(batch) || batch < 1 || batch > 500)
    throw new ReplayError(`--batch is "${values.batch}"; accepted: a whole number from 1 to 500`)
  const { 'via-client': viaClient, queue = null, ...rest } = values
  if (queue !== null && !viaClient) throw new ReplayError('--queue goes with --via-client')
  return { ...rest, viaClient, queue, batch, file: file ?? '' }
}

function parsed(args: string[]) {
  const text = (value: string) => ({ type: 'string', default: value }) as const
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: text(defaults.url),
        tenant: text(defaults.tenant),
        staff: text(defaults.staff),
        pin: text(defaults.pin),
        batch: text(defaults.batch),
        retry: flag,
        'via-client': flag,
        queue: { type: 'string' },
        help: flag,
      },
    })
  } catch (error) {
    throw new ReplayError(`${(error as Error).message.split('.')[0]}; --help lists the options`)
  }
}
