import { lexicographicSortSchema, printSchema } from 'graphql'
import { PrismaClient } from '../generated/prisma/client.ts'
import { registry } from '../modules/index.ts'
import type { Registry } from '../sync/module.ts'
import type { AddReads } from './builder.ts'
import { buildSchema } from './schema.ts'

/** The schema of modules, by itself. Needs no database: nothing is resolved. */
export function schemaAlone(of: Registry<AddReads>) {
  const prisma = Object.create(PrismaClient.prototype) as PrismaClient
  const issue = () => Promise.reject(new Error('a schema by itself issues no tokens'))
  return buildSchema(prisma, of, issue)
}

/** The café's schema as text, in the order of names. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(schemaAlone(registry)))}\n`
