import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { StartError } from '../start-error.ts'
import type { Account } from './account.ts'

/** The superuser, under whom nothing works but what sets the database up; PostgreSQL's own name for it is kept. */
export const ROLE = 'modula'

/** No variable of PostgreSQL's (PGPORT, PGDATA ...) and no locale of the surroundings may change what is started. */
export const environment = { PATH: process.env.PATH, LC_ALL: 'C' }

/**
 * Makes the database files in `data` unless they are there, and returns the role's password, which is made once and
 * kept in the file beside them, for its owner only. A gateway killed on the way leaves nothing that looks finished.
 */
export async function initialise(initdb: string, account: Account, data: string): Promise<string> {
  const passwordFile = `${data}.password`
  const exists = existsSync(data)
  if (!existsSync(passwordFile)) {
    if (exists) {
      throw new StartError(
        `${passwordFile} is missing: put it back, or move ${data} away to begin with an empty database`,
      )
    }
    await writeWhole(passwordFile, account)
  }
  if (!exists) await create(initdb, account, data, passwordFile)
  return (await readFile(passwordFile, 'utf8')).trim()
}

async function writeWhole(passwordFile: string, account: Account): Promise<void> {
  const draft = `${passwordFile}.new`
  await writeFile(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  await account.own(draft)
  await rename(draft, passwordFile)
}

async function create(initdb: string, account: Account, data: string, passwordFile: string): Promise<void> {
  const draft = `${data}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await account.own(draft)
  const child = account.spawn(
    initdb,
    [
      `--pgdata=${draft}`,
      `--username=${ROLE}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // PostgreSQL's own collation: the order of texts must not depend on the locales that a system happens to have.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
    ],
    { env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const [said, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')])
  if (code !== 0) {
    const reason = said.match(/^.*(?:error|FATAL): .*/im)?.[0] ?? said.trim()
    throw new StartError(`the embedded database could not be made in ${data}: ${reason}`)
  }
  await rename(draft, data)
}
