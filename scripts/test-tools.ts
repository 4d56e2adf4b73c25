import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs of the system that tests use, the names and places they go by (the best first), and who packages them. */
const tools = {
  redis: { names: ['redis-server'], apt: ['redis-server'], brew: 'redis', cask: false },
  pgbouncer: {
    names: ['pgbouncer', '/usr/sbin/pgbouncer'],
    apt: ['pgbouncer'],
    brew: 'pgbouncer',
    cask: false,
  },
  haproxy: { names: ['haproxy', '/usr/sbin/haproxy'], apt: ['haproxy'], brew: 'haproxy', cask: false },
  chromium: {
    names: [
      // Without a window to draw, a tab takes a fifth of the processor's time.
      '/usr/lib/chromium/chromium-headless-shell',
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
    apt: ['chromium-headless-shell', 'chromium'],
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

/**
 * Installs what is missing with the system's package manager, or says in one line what to install and exits 1. As root
 * (in a container, say) it also installs what is better than what is there.
 */
export function installMissingTools(): void {
  const isRoot = process.getuid?.() === 0
  const wanted = Object.values(tools).filter(
    ({ names }) => !find(names) || (isRoot && find(['apt-get']) && !find(names.slice(0, 1))),
  )
  if (wanted.length === 0) return
  console.log(`> installing ${wanted.map(({ apt }) => apt[0]).join(' and ')}, which the tests need`)
  if (find(['brew'])) installByBrew(wanted)
  else if (find(['apt-get'])) installByApt(wanted, isRoot)
  const still = wanted.filter(({ names }) => !find(names)).map(({ apt }) => apt.join(' or '))
  if (still.length === 0) return
  console.error(`the tests need ${still.join(' and ')}: install with your package manager and run them again`)
  process.exit(1)
}

/** Where the tool is, or undefined where it is not installed. */
export function pathOf(tool: keyof typeof tools): string | undefined {
  return find(tools[tool].names)
}

function find(names: readonly string[]): string | undefined {
  return names
    .flatMap((name) => (name.startsWith('/') ? [name] : places.map((place) => join(place, name))))
    .find((path) => existsSync(path))
}

function installByBrew(missing: Tool[]): void {
  for (const { brew, cask } of missing) run('brew', ['install', ...(cask ? ['--cask'] : []), brew])
}

/** Without a terminal nobody can type a password: sudo only where it asks for none. */
function installByApt(wanted: Tool[], isRoot: boolean): void {
  const aptGet = (...argv: string[]) =>
    run(isRoot ? 'env' : 'sudo', [
      ...(isRoot ? [] : ['-n', 'env']),
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-q',
      '-y',
      '-o',
      'Acquire::Retries=3',
      ...argv,
    ])
  aptGet('update')
  // Not every distribution has the first.
  for (const { apt, names } of wanted)
    for (const name of apt) if (aptGet('install', '--no-install-recommends', name) || find(names)) break
}

/** True when it went well. */
function run(program: string, argv: string[]): boolean {
  return spawnSync(program, argv, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}
