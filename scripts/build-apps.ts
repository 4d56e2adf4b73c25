/**
 * `npm run build`: the till and the console, into `dist/apps`.
 *
 * They are built beside it and put in its place when they are complete, so that a gateway that serves them, and another
 * build at the same time, never meet a half.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import { build, type Plugin } from 'vite'
import { type AppName, appConfig, apps } from '../client/vite.config.ts'
import { builtFolder, root, writeStamp } from './apps-stamp.ts'

const started = performance.now()
const work = `${builtFolder}.${process.pid}`
try {
  const modules = new Set<string>()
  for (const name of apps) await buildApp(name, modules)
  await compress(work)
  await writeStamp(work, [...modules])
  await putInPlace()
} finally {
  await rm(work, { recursive: true, force: true })
}
console.log(`built the till and the console in ${((performance.now() - started) / 1000).toFixed(1)} s`)

async function buildApp(name: AppName, modules: Set<string>): Promise<void> {
  const config = appConfig(name)
  await build({
    ...config,
    plugins: [...(config.plugins ?? []), noteModules(modules)],
    build: { ...config.build, outDir: join(work, name) },
  })
}

/** Notes which files of the project an app is made of. */
function noteModules(into: Set<string>): Plugin {
  return {
    name: 'note-modules',
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const path = relative(root, id.split('?', 1)[0]!)
        if (!/^\.\.|^[^\w]|node_modules/.test(path)) into.add(path)
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

async function putInPlace(): Promise<void> {
  const old = `${work}.old`
  await mkdir(builtFolder, { recursive: true })
  await rename(builtFolder, old)
  await rename(work, builtFolder)
  await rm(old, { recursive: true })
}
