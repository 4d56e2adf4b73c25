import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import type PrismaTypes from '../generated/pothos.ts'
import { getDatamodel } from '../generated/pothos.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Tokens } from '../platform/tokens.ts'
import type { Json } from '../sync/words.ts'
import type { Context } from './context.ts'
import { badInput } from './errors.ts'
import type { MoneyRef } from './money.ts'

export type Types = {
  Context: Context
  PrismaTypes: PrismaTypes
  DefaultFieldNullability: false
  Scalars: {
    ID: { Input: string; Output: string | number | bigint }
    UUID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date | string }
    SafeInt: { Input: number; Output: number | bigint }
    JSON: { Input: unknown; Output: Json | object }
  }
  Enums: never
  Connection: { totalCount?: never }
}

export const makeBuilder = (prisma: PrismaClient) =>
  new SchemaBuilder<Types>({
    plugins: [ComplexityPlugin, RelayPlugin, PrismaPlugin],
    defaultFieldNullability: false,
    prisma: { client: prisma, dmmf: getDatamodel(), maxConnectionSize: 200, defaultConnectionSize: 50 },
    relay: { cursorType: 'String' },
    complexity: {
      limit: { depth: 12, breadth: 250, complexity: 25_000 },
      defaultListMultiplier: 10,
      complexityError: (kind, { depth, breadth, complexity }) =>
        badInput(
          `This query asks for too much at once (${kind}: depth ${depth}, breadth ${breadth}, cost ${complexity}).`,
        ),
    },
  })

export type Builder = ReturnType<typeof makeBuilder>

/** The extended types, as Pothos's references want them. */
export type SchemaTypes = Builder extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never

/** What a module's reads find in the schema already, and how the gateway makes its own tokens (null: it does not). */
export type Shared = { readonly Money: MoneyRef; readonly issue: Tokens['issue'] }

/** Adds what a module has in GraphQL beside its operations: typed reads. Each asks `admitted` first. */
export type AddReads = (builder: Builder, shared: Shared) => void
