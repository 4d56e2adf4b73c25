/**
 * What is given to operators names what is there: settings, files, metrics, alerts, commands. (Their own linters:
 * `npm run deploy:check`.)
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commands } from '../src/admin/run.ts'
import { settings } from '../src/config.ts'
import { createMetrics, createProcessMetrics, registerGauges } from '../src/platform/metrics.ts'

const root = join(import.meta.dirname, '..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')

const alerts = read('deploy/prometheus/alerts.yml')
const dashboard = read('deploy/grafana/dashboards/modula-sync.json')
const compose = read('compose.yaml')
const image = read('Dockerfile')
const unit = read('deploy/modula-sync.service')
const operations = read('docs/operations.md')

it('every metric that an alert, a panel or the document asks for is one', async () => {
  const metrics = createMetrics({ types: [], codes: [] })
  registerGauges(metrics, {
    pool: () => ({ total: 1, idle: 1, waiting: 0 }),
    batches: () => ({ inHand: 0, waitingForConnection: 0 }),
    nudges: () => ({ sinks: 0, busyBranches: 0 }),
    busHealthy: () => true,
    replicaUsable: () => true,
    version: '0',
  })
  const told = await Promise.all(
    [metrics.registry, createProcessMetrics()].map((each) => each.getMetricsAsJSON()),
  )
  const names = new Set(told.flat().map(({ name }) => name))
  const asked = [alerts, dashboard, operations, read('docs/codes.md')].flatMap(
    (text) => text.match(/\b(modula|nodejs|process)_[a-z0-9_]+\b/g) ?? [],
  )
  expect(asked.length).toBeGreaterThan(30)
  const isOne = (name: string) => names.has(name) || names.has(name.replace(/_(bucket|count|sum)$/, ''))
  expect(asked.filter((name) => !isOne(name))).toEqual([])
})

it('every alert says what to do', () => {
  const named = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name!)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !operations.includes(`- **${name}**:`))).toEqual([])
  const described = [...operations.matchAll(/^- \*\*([A-Z]\w+)\*\*:/gm)].map(([, name]) => name!)
  expect(described.filter((name) => !named.includes(name))).toEqual(
    ['Containers'].filter((n) => described.includes(n)),
  )
})

it('every setting and every file that they name is there', () => {
  const known = new Set([...settings.map(({ name }) => name), 'NODE_ENV'])
  const given = [
    ...(/environment:\n([\s\S]*?)\n {2}depends_on/.exec(compose)?.[1]?.matchAll(/^ {4}([A-Z_]+):/gm) ?? []),
    ...image.matchAll(/\b([A-Z_]+)=/g),
    ...unit.matchAll(/^Environment=([A-Z_]+)=/gm),
  ].map(([, name]) => name!)
  expect(given.length).toBeGreaterThan(8)
  expect(given.filter((name) => !known.has(name))).toEqual([])

  const mounted = [...compose.matchAll(/- \.\/([\w./-]+):|"\.\/([\w./-]+):/g)].map(([, a, b]) => a ?? b!)
  const copied = [...image.matchAll(/COPY --from=build \/app\/([\w./-]+)/g)].map(([, path]) => path!)
  expect(mounted.length).toBe(5)
  const built = ['node_modules', 'dist/apps']
  expect(
    [...mounted, ...copied].filter((path) => !built.includes(path) && !existsSync(join(root, path))),
  ).toEqual([])
})

it('the image has everything that a gateway reads', () => {
  const copied = [...image.matchAll(/COPY --from=build \/app\/([\w./-]+)/g)].map(([, path]) => path!)
  const reached = new Set<string>()
  for (const file of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const up = '../'.repeat(file.split('/').length)
    for (const [, path] of read(`src/${file}`).matchAll(
      new RegExp(`'${up.replaceAll('.', '\\.')}([\\w-]+)`, 'g'),
    ))
      reached.add(path!)
  }
  expect([...reached].filter((path) => !copied.some((each) => each.split('/')[0] === path))).toEqual([])
})

it('commands of the document are commands', () => {
  const named = [...operations.matchAll(/admin -- ([a-z-]+(?: [a-z-]+)?)/g)].map(([, words]) => words!)
  expect(named.length).toBeGreaterThan(4)
  const isOne = (words: string) => words in commands || words.split(' ')[0]! in commands
  expect(named.filter((words) => !isOne(words))).toEqual([])
})
