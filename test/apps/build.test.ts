/** When `npm start` builds, and what it makes. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { builtFolder, isStale, readSources, writeStamp } from '../../scripts/apps-stamp.ts'
import { buildApps } from '../support/apps.ts'

describe('whether the apps are what their sources would make', () => {
  let base: string
  let built: string
  const put = async (path: string, content: string) => {
    await mkdir(dirname(join(base, path)), { recursive: true })
    await writeFile(join(base, path), content)
  }

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'modula-stamp-'))
    built = join(base, 'dist/apps')
    await put('package-lock.json', '{}')
    await put('client/pos/main.tsx', 'one')
    await put('client/pos/public/icon.svg', '<svg/>')
    await put('src/shared.ts', 'shared')
    await put('src/server.ts', 'server')
    await put('dist/apps/pos/index.html', 'built')
    await writeStamp(built, ['client/pos/main.tsx', 'src/shared.ts'], readSources(base))
  })
  afterEach(() => rm(base, { recursive: true }))

  it('they are, right after the build', () => expect(isStale(built, readSources(base))).toBe(false))

  it.each<[string, () => Promise<void>]>([
    ['a source has changed', () => put('client/pos/main.tsx', 'two')],
    ['a file of the client has come', () => put('client/admin/main.tsx', 'new')],
    ['a file of the client has gone', () => rm(join(base, 'client/pos/public/icon.svg'))],
    ['a file of the server that the client shares has changed', () => put('src/shared.ts', 'other')],
    ['a file of the server that the client shares has gone', () => rm(join(base, 'src/shared.ts'))],
    ['other packages are installed', () => put('package-lock.json', '{"new":1}')],
    ['the apps have gone', () => rm(built, { recursive: true })],
    ['the stamp is broken', () => put('dist/apps/stamp.json', '{')],
  ])('they are not, where %s', async (_, change) => {
    await change()
    expect(isStale(built, readSources(base))).toBe(true)
  })

  it('they are, where a file was moved or written anew with the same content', async () => {
    await cp(join(base, 'client'), join(base, 'copy'), { recursive: true })
    await rm(join(base, 'client'), { recursive: true })
    await cp(join(base, 'copy'), join(base, 'client'), { recursive: true })
    expect(isStale(built, readSources(base))).toBe(false)
  })

  it('they are not, where a source changed while they were built', async () => {
    const before = readSources(base)
    await put('client/pos/main.tsx', 'two')
    await writeStamp(built, ['client/pos/main.tsx'], before)
    expect(isStale(built, readSources(base))).toBe(true)
  })

  it('they are, where the rest of the server has changed', async () => {
    await put('src/server.ts', 'other')
    await put('src/new.ts', 'new')
    expect(isStale(built, readSources(base))).toBe(false)
  })
})

describe('the build', () => {
  const read = (path: string) => readFile(join(builtFolder, path), 'utf8')

  /** Every file that it makes, by path. */
  const filesOf = async (folder: string): Promise<string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))

  it('makes both apps, complete, compressed, with nothing from elsewhere', async () => {
    await buildApps()
    const files = await filesOf(builtFolder)
    expect(isStale()).toBe(false)
    for (const app of ['pos', 'admin']) {
      const html = await read(`${app}/index.html`)
      const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)
      expect(named.length).toBeGreaterThan(2)
      for (const path of named) expect(files, path).toContain(path.slice(1))
      expect(html).not.toMatch(/<script(?![^>]*src=)/)
    }
    for (const file of files.filter((name) => /\.(js|css|html|webmanifest)$/.test(name)))
      expect(files).toEqual(expect.arrayContaining([`${file}.br`, `${file}.gz`]))

    const styles = files.filter((name) => name.endsWith('.css'))
    for (const file of [...styles, 'pos/index.html', 'admin/index.html'])
      expect(await read(file), file).not.toMatch(/https?:\/\/(?!www\.w3\.org)/)

    const manifest = JSON.parse(await read('pos/manifest.webmanifest'))
    expect(manifest).toMatchObject({ start_url: '/pos/', scope: '/pos/', display: 'standalone' })
    for (const { src } of manifest.icons) expect(files).toContain(`pos/${src}`)

    // All that the till is made of is kept by its service worker, or it would not open without a network.
    const worker = await read('pos/sw.js')
    const precached = files.filter(
      (name) => name.startsWith('pos/') && !/\.(br|gz)$/.test(name) && name !== 'pos/sw.js',
    )
    for (const file of precached) expect(worker, file).toContain(`"${file.slice('pos/'.length)}"`)
    expect(files.filter((name) => name.startsWith('admin/') && /\/sw\.js$|webmanifest/.test(name))).toEqual(
      [],
    )
    // Seconds, on a machine that does nothing else.
  }, 300_000)
})
