/**
 * `npm run bundle-size`: what the SDK adds to an app in a browser, minified, and what it is made of.
 */
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build, type Plugin, type Rolldown } from 'vite'
import { appConfig } from '../client/vite.config.ts'

/** In bytes. */
export type Size = { part: string; raw: number; gzip: number; brotli: number }

/** Whose code is in which files; the first that fits. */
const parts: { name: string; test: RegExp }[] = [
  { name: 'zod', test: /node_modules\/zod\// },
  { name: 'graphql-ws', test: /node_modules\/graphql-ws\// },
  { name: 'idb', test: /node_modules\/idb\// },
  { name: 'hashing and ids', test: /node_modules\/(@noble\/hashes|canonicalize|uuid)\// },
  { name: 'other packages', test: /node_modules\// },
  { name: "the modules' rules", test: /\/src\// },
  { name: 'the SDK itself', test: /\/client\/sdk\// },
]

/** What a till in a browser takes of the SDK. */
const entry = `export {
  createSyncClient, indexedDbStore, memoryStore, Offline, OperationBlocked, SyncFailed, AnswerLost, StoreError,
} from 'modula-sync/client'`

/** The whole in one file; then each part on its own. (Compressed apart, they come to a little more.) */
export async function bundleSizes(): Promise<{ whole: Size; parts: Size[] }> {
  const [whole] = await bundle()
  const chunks = await bundle(parts)
  return {
    whole: await sizeOf('together', whole!.code),
    parts: await Promise.all(
      parts
        .map(({ name }) => ({ name, chunk: chunks.find((each) => each.name === name) }))
        .filter(({ chunk }) => chunk)
        .map(({ name, chunk }) => sizeOf(name, chunk!.code)),
    ),
  }
}

/** As lines of a table. */
export function tableOf({ whole, parts }: Awaited<ReturnType<typeof bundleSizes>>): string {
  const row = (part: string, ...numbers: string[]) =>
    part.padEnd(20) + numbers.map((each) => each.padStart(9)).join('')
  const lines = [...parts, whole].map((size) =>
    row(size.part, ...[size.raw, size.gzip, size.brotli].map(String)),
  )
  return [row('bytes', 'raw', 'gzip', 'brotli'), ...lines].join('\n')
}

/** As the till is bundled, from files to chunks. */
async function bundle(groups: typeof parts = []): Promise<Rolldown.OutputChunk[]> {
  const { root, resolve, build: options } = appConfig('pos')
  const built = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve,
    // Also where the shell or a test says otherwise.
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [virtualEntry],
    build: {
      ...options,
      write: false,
      rolldownOptions: {
        input: virtualEntry.name,
        preserveEntrySignatures: 'strict',
        output: { codeSplitting: { groups } },
      },
    },
  })
  return (built as Rolldown.RolldownOutput).output.filter((each) => each.type === 'chunk')
}

const virtualEntry: Plugin = {
  name: 'what-a-till-takes',
  resolveId: (id) => (id === virtualEntry.name ? join(import.meta.dirname, id) : null),
  load: (id) => (id.endsWith(virtualEntry.name) ? entry : null),
}

async function sizeOf(part: string, code: string): Promise<Size> {
  const [zipped, brotli] = await Promise.all([
    promisify(gzip)(code, { level: 9 }),
    promisify(brotliCompress)(code),
  ])
  return { part, raw: Buffer.byteLength(code), gzip: zipped.length, brotli: brotli.length }
}

if (import.meta.main) console.log(tableOf(await bundleSizes()))
