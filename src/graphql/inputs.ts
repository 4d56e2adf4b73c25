/**
 * Input types of the direct lane, made from the operations' zod contracts: one source for what a payload is.
 */
import type { InputFieldRef, InputRef } from '@pothos/core'
import { z } from 'zod'
import type { AnyOperationDefinition } from '../sync/module.ts'
import { inputTypeName } from '../sync/naming.ts'
import type { Builder, SchemaTypes } from './builder.ts'

type Schema = {
  $ref?: string
  $defs?: Record<string, Schema>
  id?: string
  type?: string
  format?: string
  description?: string
  enum?: string[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
}
// biome-ignore lint/suspicious/noExplicitAny: the types are made at start, from data
type AnyInput = any

const isAnything = (schema: Schema) => Object.keys(schema).length === 0

const payloadSchemas = new WeakMap<AnyOperationDefinition, object>()

/** The JSON Schema of an operation's payload, as operationTypes shows it. Made once: it takes a millisecond. */
export function payloadSchema(definition: AnyOperationDefinition): object {
  const known = payloadSchemas.get(definition)
  if (known) return known
  const made = z.toJSONSchema(definition.payload, { io: 'input', unrepresentable: 'any' })
  payloadSchemas.set(definition, made)
  return made
}

export function createInputTypes(builder: Builder) {
  const made = new Map<string, AnyInput>()

  function named(name: string, make: () => AnyInput): AnyInput {
    const known = made.get(name) ?? make()
    made.set(name, known)
    return known
  }

  let shared: Record<string, Schema> = {}
  /** A schema of its own right, where this one only points to it; its name is its GraphQL name. */
  function resolved(schema: Schema): Schema {
    const name = schema.$ref?.replace('#/$defs/', '')
    return name ? { ...shared[name], id: name } : schema
  }

  /** A GraphQL type for a schema; nested objects and enums are named by their contract, or by where they are. */
  function typeOf(given: Schema, path: string): { type: AnyInput; nullable: boolean } {
    const schema = resolved(given)
    if (schema.anyOf) {
      const choices = schema.anyOf.filter(({ type }) => type !== 'null')
      const nullable = choices.length < schema.anyOf.length
      if (choices.length > 1 && choices.every(({ type }) => type === 'object'))
        return { type: plainType(inOne(choices, schema), path), nullable }
      return { type: typeOf(choices[0] ?? {}, path).type, nullable }
    }
    return { type: plainType(schema, path), nullable: false }
  }

  function plainType(schema: Schema, path: string): AnyInput {
    if (schema.enum) {
      const values = schema.enum
      return named(schema.id ?? path, () => builder.enumType(schema.id ?? path, { values }))
    }
    if (schema.type === 'array') return [typeOf(schema.items ?? {}, `${path}Entry`).type]
    if (schema.type === 'object') return objectType(schema, schema.id ? `${schema.id}Input` : `${path}Input`)
    if (schema.type === 'any' || isAnything(schema)) return 'JSON'
    if (schema.type === 'integer') return 'SafeInt'
    if (schema.type === 'number') return schema.format === undefined ? 'Float' : 'SafeInt'
    if (schema.type === 'boolean') return 'Boolean'
    if (schema.type === 'string')
      return schema.format === 'uuid' || schema.format === 'guid'
        ? 'UUID'
        : schema.format === 'id'
          ? 'ID'
          : 'String'
    throw new Error(`${path}: the direct lane has no GraphQL type for ${JSON.stringify(schema)}`)
  }

  function objectType(schema: Schema, name: string): InputRef<unknown> {
    return named(name, () =>
      builder.inputType(name, {
        description: schema.description,
        fields: (t) => {
          const fields: Record<string, InputFieldRef<SchemaTypes, unknown>> = {}
          for (const [key, property] of Object.entries(schema.properties ?? {})) {
            const path = name.replace(/Input$/, '') + key[0]!.toUpperCase() + key.slice(1)
            const { type, nullable } = typeOf(property, path)
            const required = !nullable && (schema.required ?? []).includes(key)
            fields[key] = t.field({ type, required, description: property.description }) as AnyInput
          }
          return fields as AnyInput
        },
      }),
    )
  }

  return {
    /** The input type of an operation, or null where its payload has no fields. */
    inputOf(definition: AnyOperationDefinition): AnyInput {
      const schema = payloadSchema(definition) as Schema
      if (schema.type !== 'object') throw new Error(`the payload of ${definition.type} is no object`)
      shared = { ...shared, ...schema.$defs }
      if (Object.keys(schema.properties ?? {}).length === 0) return null
      const description = schema.description ?? `The payload of \`${definition.type}\`.`
      return objectType({ ...schema, description }, inputTypeName(definition))
    },
  }
}

/**
 * GraphQL has no unions of inputs. So several forms are one: what only some have may be left out, and what they give
 * different types is any JSON; the contract says which goes with which.
 */
function inOne(forms: readonly Schema[], { id, description }: Schema): Schema {
  const properties: Record<string, Schema> = {}
  for (const [key, property] of forms.flatMap((form) => Object.entries(form.properties ?? {}))) {
    const other = properties[key]
    const isAlike = !other || (other.$ref ?? other.type) === (property.$ref ?? property.type)
    const description = other?.description ?? property.description
    properties[key] = { ...(isAlike ? property : { type: 'any' }), ...(description ? { description } : {}) }
  }
  const required = Object.keys(properties).filter((key) =>
    forms.every((form) => form.required?.includes(key)),
  )
  return { id, description, type: 'object', properties, required }
}
