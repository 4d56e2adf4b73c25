/**
 * What a command of the operator's is, and how one can end.
 */
import type { Config } from '../config.ts'
import type { Database, Rows } from '../platform/database.ts'
import { StartError } from '../platform/start-error.ts'
import type { Operator } from './operator.ts'

/** Exit codes: 0 done, 1 not possible (the database is away, a fault), 2 not understood, 3 refused (a rule, or nothing of that name). */
export const exitCodes = { FAILED: 1, USAGE: 2, REFUSED: 3 } as const

export class CommandError extends StartError {
  override name = 'CommandError'
  readonly exitCode: number
  constructor(kind: keyof typeof exitCodes, message: string) {
    super(message)
    this.exitCode = exitCodes[kind]
  }
}

/** Options that commands take, beside `--dry-run`, `--json` and `--help`. */
export const optionNames = [
  'name',
  'code',
  'role',
  'branches',
  'account',
  'branch',
  'branch-name',
  'admin-code',
  'admin-name',
  'new-code',
  'reason',
  'file',
  'from',
  'to',
  'folder',
  'year',
] as const
export type OptionName = (typeof optionNames)[number]

export type Given = {
  /** Of the tenant that it is about, or of all where it names none. */
  readonly db: Rows
  readonly database: Database
  /** Of that database, for what takes a connection of its own. */
  readonly databaseUrl: string
  readonly config: Config
  readonly at: Date
  /** Of the environment's PIN: as an argument, everybody on the machine would see it. */
  readonly pin: string | undefined
  readonly isDryRun: boolean
  /** The first argument, where the command has one. */
  readonly tenantId: string
  /** Those after the tenant. */
  readonly args: readonly string[]
  readonly options: Readonly<Partial<Record<OptionName, string>>>
  readonly operator: Operator
}

/** What it prints: rows as a table (or as JSON), and lines for a person. */
export type Done = { readonly rows?: readonly Record<string, unknown>[]; readonly said?: readonly string[] }

export type Command = {
  /** Names of its arguments; the first is TENANT, if any. One in brackets may be left out. */
  readonly args: readonly string[]
  /** The options that it must have, and those that it may have. */
  readonly needs?: readonly OptionName[]
  readonly takes?: readonly OptionName[]
  readonly does: string
  /** Several transactions, because there may be much of it; a dry run only looks. Else it is one, undone by a dry run. */
  readonly inParts?: boolean
  /** It makes the tables itself, or needs none. */
  readonly withoutTables?: boolean
  readonly run: (given: Given) => Promise<Done>
}
