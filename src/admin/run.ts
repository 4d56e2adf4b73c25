/**
 * `npm run admin -- COMMAND`: what whoever runs the gateway does beside it. Works on DATABASE_URL, or on the embedded
 * database of DATA_DIR, whether or not gateways run.
 */
import { parseArgs } from 'node:util'
import { openBus } from '../app.ts'
import { type Config, loadConfig } from '../config.ts'
import { type Database, isTransient, looksPooled, openDatabase, sqlState } from '../platform/database.ts'
import { createLogger } from '../platform/log.ts'
import { migrate } from '../platform/migrate.ts'
import { openPostgres } from '../platform/postgres.ts'
import { ownSecrets } from '../platform/secrets.ts'
import { StartError } from '../platform/start-error.ts'
import { nudgesOf } from '../services.ts'
import { backups } from './backups.ts'
import { type Command, CommandError, type Done, exitCodes, type OptionName, optionNames } from './command.ts'
import { inOne } from './in-one.ts'
import { createOperator, type Operator } from './operator.ts'
import { people } from './people.ts'
import { branches, devices, tenants } from './places.ts'
import { proof } from './proof.ts'
import { rowSecurity } from './row-security.ts'
import { streams } from './streams.ts'
import { trail } from './trail.ts'

export const commands: Readonly<Record<string, Command>> = {
  ...tenants,
  ...branches,
  ...people,
  ...devices,
  ...streams,
  ...backups,
  ...proof,
  ...rowSecurity,
  ...trail,
}

const lineOf = (name: string, { args, needs = [], takes = [] }: Command) =>
  [
    name,
    ...args,
    ...needs.map((option) => `--${option} …`),
    ...takes.map((option) => `[--${option} …]`),
  ].join(' ')

const usage = `npm run admin -- COMMAND [--dry-run] [--json]

Works on DATABASE_URL, or on the embedded database in DATA_DIR, also while gateways run.
--dry-run changes nothing and says what would be. Exit codes: 0 done, 1 failed, 2 not understood, 3 refused.

${Object.entries(commands)
  .map(([name, command]) => `  ${lineOf(name, command)}\n      ${command.does}`)
  .join('\n')}`

type Asked = {
  command: Command
  tenantId: string
  args: string[]
  options: Partial<Record<OptionName, string>>
  isDryRun: boolean
  asJson: boolean
}

/** What the words ask for; null: for help. Throws a CommandError that says what is wrong with them. */
export function readCommand(argv: readonly string[]): Asked | null {
  const given = Object.fromEntries(optionNames.map((name) => [name, { type: 'string' as const }]))
  const flags = {
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...argv], options: { ...given, ...flags }, allowPositionals: true })
  } catch (error) {
    throw new CommandError('USAGE', (error as Error).message)
  }
  const { values, positionals } = parsed
  if (values.help || positionals.length === 0) return null
  const length = [2, 1].find((words) => Object.hasOwn(commands, positionals.slice(0, words).join(' ')))
  if (length === undefined)
    throw new CommandError('USAGE', `there is no command "${positionals.slice(0, 2).join(' ')}": see --help`)
  const name = positionals.slice(0, length).join(' ')
  const command = commands[name]!
  const args = positionals.slice(length)
  const least = command.args.filter((arg) => !arg.startsWith('[')).length
  const options = Object.fromEntries(
    optionNames.flatMap((option) => (values[option] === undefined ? [] : [[option, String(values[option])]])),
  )
  const known: readonly string[] = [...(command.needs ?? []), ...(command.takes ?? [])]
  const missing = command.needs?.find((option) => options[option] === undefined)
  const strange = Object.keys(options).find((option) => !known.includes(option))
  if (args.length < least || args.length > command.args.length || missing || strange || args.includes(''))
    throw new CommandError('USAGE', `usage: npm run admin -- ${lineOf(name, command)}`)
  const [tenantId = '', ...rest] = args
  return {
    command,
    tenantId,
    args: rest,
    options,
    isDryRun: values['dry-run'] === true,
    asJson: values.json === true,
  }
}

/** Does it on a database; for the tests, too. */
export async function execute(
  database: Database,
  asked: Asked,
  { config, pin, at, databaseUrl = '' }: { config: Config; pin?: string; at: Date; databaseUrl?: string },
): Promise<{ done: Done; operator?: Operator }> {
  const { command, tenantId, args, options, isDryRun } = asked
  const givenAll = { config, at, pin, isDryRun, tenantId, args, options, databaseUrl }
  if (command.withoutTables)
    return {
      done: await command.run({
        ...givenAll,
        database,
        db: undefined as never,
        operator: undefined as never,
      }),
    }
  const secrets = await ownSecrets(database.own.prisma)
  const run = async (within: Database) => {
    const operator = createOperator(within, tenantId, secrets)
    const db = tenantId ? within.tenant(tenantId) : within.everyTenant
    if (tenantId && command !== commands['tenant create']) {
      const [known] = await db.rows('select 1 from tenant where tenant_id = $1', [tenantId])
      if (!known) throw new CommandError('REFUSED', `there is no tenant "${tenantId}"`)
    }
    return { done: await command.run({ ...givenAll, database: within, db, operator }), operator }
  }
  return command.inParts ? run(database) : inOne(database, tenantId || null, !isDryRun, run)
}

/** Tills and other gateways hear of it where there is Redis; without, tills find it at their next pull. */
async function tell(config: Config, tenantId: string, { touched }: Operator): Promise<void> {
  if (!config.redisUrl || !tenantId) return
  const bus = openBus(config, createLogger('silent'))
  // A bus that does not come up in this time is away, and what is lost with it is only a delay.
  for (let waited = 0; !bus.healthy && waited < 2_000; waited += 20)
    await new Promise((r) => setTimeout(r, 20))
  if (touched.length > 0) bus.publish(nudgesOf(tenantId, touched, new Date()))
  bus.publishAccess(tenantId)
  await bus.close()
}

async function onDatabase(asked: Asked): Promise<Done> {
  const config = loadConfig(process.env)
  const log = createLogger('silent')
  const { databaseUrl, dataDir, statementTimeoutMs, lockTimeoutMs } = config
  const postgres = await openPostgres({ databaseUrl, dataDir, log, join: true })
  try {
    if (!asked.isDryRun && !asked.command.withoutTables) await migrate(postgres.url, { log })
    const isPooled = await looksPooled(postgres.url)
    const db = openDatabase({ url: postgres.url, isPooled, poolSize: 2, statementTimeoutMs, lockTimeoutMs })
    try {
      const by = { config, pin: process.env.PIN || undefined, at: new Date(), databaseUrl: postgres.url }
      const { done, operator } = await execute(db, asked, by)
      if (!asked.isDryRun && operator) await tell(config, asked.tenantId, operator)
      return done
    } finally {
      await db.close()
    }
  } finally {
    await postgres.stop()
  }
}

function print({ rows, said = [] }: Done, { asJson, isDryRun }: Asked): void {
  if (asJson) console.log(JSON.stringify(rows ?? { said }, null, 2))
  else if (rows) console.table(rows.map(plain))
  else for (const line of said) console.log(isDryRun ? `dry run: ${line}` : line)
}

const plain = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : (value ?? ''),
    ]),
  )

/** Runs it, prints, and sets the exit code. */
export async function runAdmin(argv: readonly string[]): Promise<void> {
  try {
    const asked = readCommand(argv)
    if (!asked) return console.log(usage)
    print(await onDatabase(asked), asked)
  } catch (error) {
    process.exitCode = error instanceof CommandError ? error.exitCode : exitCodes.FAILED
    const hasNoTables = sqlState(error) === '42P01' || sqlState(error) === '3F000'
    if (hasNoTables) console.error('the database has no tables yet: start a gateway, or leave out --dry-run')
    else console.error(isNoFault(error) ? error.message : error)
  }
}

/** What the system refuses, PostgreSQL, or we: its words are enough, and a trace would hide them. */
const isNoFault = (error: unknown): error is Error =>
  error instanceof StartError ||
  isTransient(error) ||
  sqlState(error) === insufficientPrivilege ||
  (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined
const insufficientPrivilege = '42501'
