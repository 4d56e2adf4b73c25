/**
 * What is shipped: where it comes from, under which licences, and that its list (SBOM) has all of it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { builtFolder, readStamp } from '../scripts/apps-stamp.ts'
import { type Component, makeSbom, type Sbom } from '../scripts/sbom.ts'
import { buildApps } from './support/apps.ts'

const root = join(import.meta.dirname, '..')

/** Licences under which anybody may use, change and pass on, for the price of naming the authors. */
const permissive = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  // Fonts: may be bundled and sold with software.
  'OFL-1.1',
]

/** What is taken in spite of its licence, and why. */
const exceptions: Record<string, string> = {
  elkjs: 'EPL-2.0; lies beside the prisma tool, which makes code when this is installed; nothing loads it',
}

type Locked = { version: string; resolved?: string; integrity?: string; dev?: boolean; link?: boolean }
const locked: Record<string, Locked> = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
).packages

/** Packages of others by their folder, without what only development needs. */
const shipped = Object.entries(locked).filter(([folder, { dev }]) => folder !== '' && !dev)

let sbom: Sbom
beforeAll(() => {
  sbom = makeSbom()
})

/** The licences of a component as it names them; those of a package that names none, by its licence's text. */
function licencesOf({ name, licenses = [] }: Component): string[] {
  const named = licenses.map((each) =>
    'expression' in each ? each.expression : (each.license.id ?? each.license.name ?? ''),
  )
  if (named.length > 0)
    return named.flatMap((text) => text.split(/[()]|\s+(?:AND|and|OR)\s+/).filter(Boolean))
  const folder = join(root, 'node_modules', name)
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  const text = file ? readFileSync(join(folder, file), 'utf8') : ''
  return [/MIT License/.test(text) ? 'MIT' : 'none']
}

describe('what is shipped', () => {
  it('is under licences that let anybody use it', () => {
    const others = sbom.components
      .filter(({ name }) => !exceptions[name])
      .map((component) => ({ name: component.name, licences: licencesOf(component) }))
      .filter(({ licences }) => licences.length === 0 || !licences.every((each) => permissive.includes(each)))
    expect(others).toEqual([])
    const names = new Set(sbom.components.map(({ name }) => name))
    expect(Object.keys(exceptions).filter((name) => !names.has(name))).toEqual([])
  })

  // An address stands in the lockfile (.npmrc) only for what does not come from the registry.
  it('comes from the registry alone, each package with the hash of what was reviewed', () => {
    const odd = Object.entries(locked).filter(
      ([folder, { resolved, integrity, link }]) =>
        folder !== '' && (link || resolved || !integrity?.startsWith('sha512-')),
    )
    expect(odd.map(([folder]) => folder)).toEqual([])
  })

  it('is in the SBOM, all of it that is installed, with versions and hashes', () => {
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'modula-sync', type: 'application' } },
    })
    const listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`))
    const installed = shipped.filter(([folder]) => existsSync(join(root, folder)))
    expect(installed.length).toBeGreaterThan(200)
    const missing = installed
      .map(([folder, { version }]) => `${folder.replace(/.*node_modules\//, '')}@${version}`)
      .filter((each) => !listed.has(each))
    expect(missing).toEqual([])
    const withoutHash = sbom.components.filter(
      ({ hashes = [] }) => !hashes.some(({ alg }) => alg === 'SHA-512'),
    )
    expect(withoutHash.map(({ name }) => name)).toEqual([])
  })

  it('is in the SBOM, all that the till and the console are made of, and their service worker and fonts', async () => {
    await buildApps()
    const listed = new Set(sbom.components.map(({ name }) => name))
    const { packages } = readStamp()
    expect(packages.length).toBeGreaterThan(40)
    const assets = readdirSync(join(builtFolder, 'pos/assets'), 'utf8')
    const fonts = assets.flatMap((name) => /^(inter|noto-sans-khmer)-.*woff2$/.exec(name)?.[1] ?? [])
    expect(new Set(fonts).size).toBe(2)
    const worker = readFileSync(join(builtFolder, 'pos/sw.js'), 'utf8')
    const parts = [...worker.matchAll(/workbox:(\w+):/g)].map(([, part]) => `workbox-${part}`)
    expect(parts.length).toBeGreaterThan(2)
    const made = [...packages, ...parts, ...fonts.map((name) => `@fontsource-variable/${name}`)]
    expect(made.filter((name) => !listed.has(name))).toEqual([])
  })

  it('has whatever the gateway and its commands import, without what only development needs', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const imported = new Set<string>()
    for (const folder of ['src', 'client/sdk'])
      for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
        if (!/\.tsx?$/.test(file) || file.startsWith('generated')) continue
        const text = readFileSync(join(root, folder, file), 'utf8')
        for (const [, name = ''] of text.matchAll(
          /^(?:import|export)(?! type)[^']*?from '((?:@[^/']+\/)?[^./'][^/']*)/gm,
        ))
          if (!name.startsWith('node:')) imported.add(name)
      }
    expect(imported.size).toBeGreaterThan(15)
    expect([...imported].filter((name) => !(name in dependencies))).toEqual([])
  })

  it('is itself under the licence that its manifest names', () => {
    const { license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(license).toBe('MIT')
    expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toMatch(/^MIT License$/m)
  })
})
