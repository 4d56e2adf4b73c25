import { lexicographicSortSchema, printSchema } from 'graphql'
import { PrismaClient } from '../generated/prisma/client.ts'
import { registry } from '../modules/index.ts'
import { buildSchema } from './schema.ts'

/** The schema as text, in the order of names. Needs no database: nothing is resolved. */
export function printedSchema(): string {
  const prisma = Object.create(PrismaClient.prototype) as PrismaClient
  const issue = () => Promise.reject(new Error('the printed schema issues no tokens'))
  return `${printSchema(lexicographicSortSchema(buildSchema(prisma, registry, issue)))}\n`
}
