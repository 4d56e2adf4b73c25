/**
 * `npm run build`: the till and the console, into `dist/apps`, or into the folder that is given.
 *
 * They are built beside it and put in its place when they are complete, so that a gateway that serves them, and another
 * build at the same time, never meet a half.
 */
import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import { build, type Plugin } from 'vite'
import { type AppName, appConfig, apps } from '../client/vite.config.ts'
import { builtFolder, readSources, root, writeStamp } from './apps-stamp.ts'

const started = performance.now()
const target = process.argv[2] ?? builtFolder
const work = `${target}.${process.pid}`
// Whatever the shell says: what people use is made for use.
process.env.NODE_ENV = 'production'
process.on('exit', () => rmSync(work, { recursive: true, force: true }))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

try {
  const sources = readSources()
  const modules = new Set<string>()
  await Promise.all(apps.map((name) => buildApp(name, modules)))
  await compress(work)
  await writeStamp(work, [...modules], sources)
  await putInPlace()
  console.log(`built the till and the console in ${((performance.now() - started) / 1000).toFixed(1)} s`)
} catch (error) {
  // Of a mistake in the sources the message has the place; where the bundler was is of no use.
  console.error((error as Error).message)
  process.exit(1)
}

async function buildApp(name: AppName, modules: Set<string>): Promise<void> {
  const config = appConfig(name)
  await build({
    ...config,
    plugins: [...(config.plugins ?? []), noteModules(modules)],
    build: { ...config.build, outDir: join(work, name) },
  })
}

/** Notes which files an app is made of, of the project and of packages. */
function noteModules(into: Set<string>): Plugin {
  return {
    name: 'note-modules',
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const path = relative(root, id.split('?', 1)[0]!)
        if (!/^\.\.|^[^\w]/.test(path)) into.add(path)
      }
    },
  }
}

/** Beside each text, itself compressed: the gateway sends what a browser takes, and compresses nothing itself. */
async function compress(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true })
  const texts = files.filter((name) => /\.(html|js|css|svg|webmanifest)$/.test(name))
  await Promise.all(
    texts.flatMap((name) => {
      const file = join(folder, name)
      const brotli = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
      return [
        pipeline(createReadStream(file), brotli, createWriteStream(`${file}.br`)),
        pipeline(createReadStream(file), createGzip({ level: 9 }), createWriteStream(`${file}.gz`)),
      ]
    }),
  )
}

/** Tried again where another build was quicker, and its apps are there already. */
async function putInPlace(triesLeft = 3): Promise<void> {
  const old = `${work}.old`
  if (existsSync(target)) await rename(target, old)
  try {
    await rename(work, target)
  } catch (error) {
    if (triesLeft === 0) throw error
    await putInPlace(triesLeft - 1)
  } finally {
    await rm(old, { recursive: true, force: true })
  }
}
