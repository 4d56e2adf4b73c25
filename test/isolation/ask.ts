/**
 * Asks for a root field as a client would, and says in a word or two what came of it.
 */
import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from 'graphql'
import type { Client, GraphqlError } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'
import type { Arguments, Field } from './fields.ts'

/** The schema as anybody can read it. */
export const schemaOf = async (client: Client): Promise<GraphQLSchema> =>
  buildClientSchema(await client.data<IntrospectionQuery>(getIntrospectionQuery()))

/** Every root field: `Query.menu`. */
export const rootFields = (schema: GraphQLSchema): string[] =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((name) => `${type!.name}.${name}`),
  )

/** The document that asks for a field with these arguments, as variables of the types that the schema says. */
export function documentOf(schema: GraphQLSchema, { name, selection }: Field, args: Arguments): string {
  const [typeName = '', fieldName = ''] = name.split('.')
  const type = schema.getType(typeName)
  const field = type && 'getFields' in type ? type.getFields()[fieldName] : undefined
  if (!field || !('args' in field)) throw new Error(`there is no field ${name}`)
  const used = field.args.filter((argument) => argument.name in args)
  const list = (items: string[]) => (items.length > 0 ? `(${items.join(', ')})` : '')
  const declared = list(used.map((argument) => `$${argument.name}: ${argument.type}`))
  const passed = list(used.map((argument) => `${argument.name}: $${argument.name}`))
  return `${typeName.toLowerCase()} ${declared} { ${fieldName}${passed} ${selection} }`
}

export const refusalOf = ({ extensions: { code, reason } }: GraphqlError): string =>
  [code, reason].filter(Boolean).join(' ')

/** The same arguments, said to come from this client's device where they name one. */
export function onDevice(args: Arguments, { deviceId }: Client): Arguments {
  const input = args.input as { deviceId?: string } | undefined
  return {
    ...args,
    ...('deviceId' in args ? { deviceId } : {}),
    ...(namesDevice(args) && input ? { input: { ...input, deviceId } } : {}),
  }
}

/** Whether they say which device they come from: the input of an operation is about something else. */
export const namesDevice = ({ deviceId, input, idempotencyKey }: Arguments): boolean =>
  idempotencyKey === undefined &&
  (deviceId !== undefined || (input as { deviceId?: string } | undefined)?.deviceId !== undefined)

type Shown =
  | string
  | { edges?: unknown[]; results?: Shown[]; status?: string; code?: string | null }
  | unknown[]
  | null

function outcomeOf(shown: Shown): string {
  if (typeof shown === 'string') return 'SHOWN'
  if (shown === null || (Array.isArray(shown) && shown.length === 0)) return 'EMPTY'
  if (Array.isArray(shown)) return 'SHOWN'
  if (shown.results) return outcomeOf(shown.results[0] ?? null)
  if (shown.edges?.length === 0) return 'EMPTY'
  if (shown.code !== undefined) return [shown.status, shown.code].filter(Boolean).join(' ')
  return 'SHOWN'
}

/**
 * `SHOWN` or `EMPTY` for what is read, `APPLIED` or `REJECTED <code>` for what is done, and for an error of the
 * whole request its code, with the reason where it has one.
 */
export async function ask(
  client: Client,
  schema: GraphQLSchema,
  field: Field,
  args: Arguments,
): Promise<string> {
  const query = documentOf(schema, field, args)
  if (field.name.startsWith('Subscription.')) {
    const heard = await listen(client, query, args).first
    return heard.closed ? `closed ${heard.closed}` : heard.errors ? refusalOf(heard.errors[0]!) : 'SHOWN'
  }
  const { data, errors } = await client.send<Record<string, Shown>>(query, args)
  if (errors) return refusalOf(errors[0]!)
  return outcomeOf(Object.values(data!)[0]!)
}
