import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { concurrentParts, type SchemaFile, withSchemaEngine } from './schema-engine.ts'
import { StartError } from './start-error.ts'

const root = join(import.meta.dirname, '../..')

/** Where Prisma's files are: `models` holds schema.prisma and models/*.prisma, `migrations` a folder for each step. */
export const prismaFolders = { models: join(root, 'prisma'), migrations: join(root, 'prisma/migrations') }

/** Nothing in the database belongs to anybody but Prisma. */
export const noFilters = { externalTables: [], externalEnums: [] }

/**
 * The migrations of a folder, and of further ones, as the schema engine takes them: by their names, which begin with a
 * time, whichever folder they are in. Throws when one has no migration.sql, or one that cannot be run.
 */
export async function readMigrations(directory: string, further: readonly string[] = []) {
  const listed = await Promise.all([directory, ...further].map(migrationsIn))
  const migrations = listed.flat().sort((a, b) => (a.name < b.name ? -1 : 1))
  const read = async ({ name, folder }: { name: string; folder: string }) => {
    const value = await readFile(join(folder, name, 'migration.sql'), 'utf8')
    concurrentParts(value)
    return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } }
  }
  return {
    baseDir: resolve(directory),
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(migrations.map(read)),
  }
}

async function migrationsIn(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw new StartError(`the folder of migrations ${folder} cannot be read`, { cause: error })
  })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => ({ name, folder }))
}

/**
 * The SQL that would bring a database made by the migrations to what the models say; null when they agree.
 * The migrations run in a shadow database on the server of `databaseUrl`, whose role must be allowed to create one;
 * the database itself is left alone. What models cannot say (partial and expression indexes, checks, triggers,
 * functions, views, storage parameters) is not looked at, so it can be added to a migration by hand.
 */
export async function migrationDrift(databaseUrl: string, folders = prismaFolders): Promise<string | null> {
  const files = await readModels(folders.models)
  const migrations = await readMigrations(folders.migrations)
  return withSchemaEngine(databaseUrl, files, async (engine) => {
    const { stdout, exitCode } = await engine.diff({
      from: { tag: 'migrations', ...migrations },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: noFilters,
    })
    return exitCode === 0 ? null : stdout
  })
}

async function readModels(directory: string): Promise<SchemaFile[]> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.prisma'))
  return Promise.all(
    names.sort().map(async (path) => ({ path, content: await readFile(join(directory, path), 'utf8') })),
  )
}
