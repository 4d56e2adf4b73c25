import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { APP_ROLE } from '../../src/platform/embedded/role.ts'
import { templates } from './templates.ts'

export type TestDatabase = {
  /** As a gateway has it: of a role that owns this database only. */
  url: string
  superuserUrl: string
  drop(): Promise<void>
}

/** A database of the caller's own, with nothing in it, the tables of the migrations, or the demo café as well. */
export async function createTestDatabase(holds: keyof typeof templates = 'tables'): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${templates[holds]} OWNER ${APP_ROLE}`)
  const named = (server: string) => Object.assign(new URL(server), { pathname: `/${name}` }).href
  return {
    url: named(inject('appUrl')),
    superuserUrl: named(inject('postgresUrl')),
    drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`),
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
