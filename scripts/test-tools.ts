import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs of the system that tests use, the names and places they go by, and who packages them. */
const tools = {
  redis: { names: ['redis-server'], apt: 'redis-server', brew: 'redis', cask: false },
  chromium: {
    names: [
      '/usr/lib/chromium/chromium-headless-shell',
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
    apt: 'chromium',
    brew: 'chromium',
    cask: true,
  },
}
type Tool = (typeof tools)[keyof typeof tools]

const places = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/bin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/snap/bin',
]

/** Installs what is missing with the system's package manager, or says in one line what to install and exits 1. */
export function installMissingTools(): void {
  const missing = Object.values(tools).filter(({ names }) => !find(names))
  if (missing.length === 0) return
  const wanted = missing.map(({ apt }) => apt)
  console.log(`> installing ${wanted.join(' and ')}, which the tests need`)
  if (find(['brew'])) installByBrew(missing)
  else if (find(['apt-get'])) installByApt(wanted)
  const still = missing.filter(({ names }) => !find(names)).map(({ apt }) => apt)
  if (still.length === 0) return
  console.error(`the tests need ${still.join(' and ')}: install with your package manager and run them again`)
  process.exit(1)
}

/** Where the tool is, or undefined where it is not installed. */
export function pathOf(tool: keyof typeof tools): string | undefined {
  return find(tools[tool].names)
}

function find(names: string[]): string | undefined {
  return names
    .flatMap((name) => (name.startsWith('/') ? [name] : places.map((place) => join(place, name))))
    .find((path) => existsSync(path))
}

function installByBrew(missing: Tool[]): void {
  for (const { brew, cask } of missing) run('brew', ['install', ...(cask ? ['--cask'] : []), brew])
}

/** Without a terminal nobody can type a password: sudo only where it asks for none. */
function installByApt(packages: string[]): void {
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const aptGet = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-q',
    '-y',
    '-o',
    'Acquire::Retries=3',
  ]
  runAll(aptGet, ['update'])
  runAll(aptGet, ['install', '--no-install-recommends', ...packages])
}

function runAll([program, ...argv]: string[], more: string[]): void {
  run(program!, [...argv, ...more])
}

function run(program: string, argv: string[]): void {
  spawnSync(program, argv, { stdio: ['ignore', 'inherit', 'inherit'] })
}
