/** The documents point at files that are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { printedCodes } from '../src/codes/printed-codes.ts'
import { settings } from '../src/config.ts'
import { payloadHashOf } from '../src/sync/inspect.ts'

const root = join(import.meta.dirname, '..')
const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
)
const read = (name: string) => readFileSync(join(root, name), 'utf8')

describe('documents', () => {
  it.each(documents)('%s names files that exist', (name) => {
    const text = read(name)
    const paths = [
      ...text.matchAll(/`((?:src|client|examples|test|docs|bench|prisma|scripts)\/[\w./-]+)`/g),
    ].map(([, path]) => path!)
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) =>
      join(dirname(name), path!),
    )
    expect([...paths, ...links].filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('codes.md is what the definitions say (npm run codes:print)', () => {
    expect(read('docs/codes.md')).toBe(printedCodes())
  })

  it('the README lists every setting', () => {
    const text = read('README.md')
    expect(settings.filter(({ name }) => !text.includes(`| \`${name}\` |`))).toEqual([])
  })

  it('examples are started by the Node that the package brings, whichever is installed', () => {
    const named = documents.flatMap((name) => read(name).match(/.{0,4}node examples/g) ?? [])
    expect(named.length).toBeGreaterThan(1)
    expect(named.filter((each) => !each.includes('npx '))).toEqual([])
  })

  it("the README's first push has the right hash", () => {
    const operation = /operations: \[\{([\s\S]*?)\}\]\)?/.exec(read('README.md'))?.[1] ?? ''
    const payload = {
      cashSessionId: /cashSessionId: "([^"]+)"/.exec(operation)?.[1] ?? '',
      openingFloat: { usd: 5000, khr: 200000 },
    }
    expect(operation).toContain(payloadHashOf({ type: 'cashSession.open', branchId: 'first-steps', payload }))
  })
})
