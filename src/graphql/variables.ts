/**
 * What is wrong with the variables of a request, in words of our own: GraphQL's repeat the values, which may be a PIN or
 * a whole batch. Nothing here is taken from a value but the names of fields.
 */
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isSpecifiedScalarType,
  typeFromAST,
  validateInputValue,
} from 'graphql'
import { badInput } from './errors.ts'

type Path = readonly (string | number)[]

/** The first fault of the variables as BAD_USER_INPUT, with its place (and index, in a list); null where they are right. */
export function variableFault(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | null {
  const operation = getOperationAST(document, operationName)
  for (const { variable, type: node, defaultValue } of operation?.variableDefinitions ?? []) {
    const name = variable.name.value
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined
    const type = typeFromAST(schema, node)
    if (!isInputType(type) || (value === undefined && defaultValue)) continue
    let at: Path | undefined
    validateInputValue(value, type, (_, path) => {
      at ??= path
    })
    if (at) return faultAt(name, at, type, value)
  }
  return null
}

function faultAt(name: string, path: Path, type: GraphQLInputType, value: unknown): GraphQLError {
  const place = path.reduce<string>(
    (text, part) => text + (typeof part === 'number' ? `[${part}]` : `.${part}`),
    name,
  )
  const index = path.find((part) => typeof part === 'number')
  return badInput(
    `The variable "${place}" ${problemOf(...follow(type, value, path))}.`,
    index === undefined ? undefined : { index },
  )
}

/** The type and the value at the end of a path. */
function follow(type: GraphQLInputType, value: unknown, path: Path): [GraphQLInputType, unknown] {
  return path.reduce<[GraphQLInputType, unknown]>(
    ([at, of], part) => {
      let inner: GraphQLInputType = getNullableType(at)
      while (isListType(inner) && typeof part !== 'number') inner = getNullableType(inner.ofType)
      const next = isListType(inner)
        ? inner.ofType
        : isInputObjectType(inner)
          ? inner.getFields()[part]!.type
          : inner
      return [next, (of as Record<string | number, unknown>)[part]]
    },
    [type, value],
  )
}

function problemOf(type: GraphQLInputType, value: unknown): string {
  if (isNonNullType(type) && value == null) return `must be given: it is of the type ${type}`
  let inner: GraphQLInputType = getNullableType(type)
  while (isListType(inner)) inner = getNullableType(inner.ofType)
  if (isEnumType(inner))
    return `must be a ${inner.name}, one of ${inner
      .getValues()
      .map((each) => each.name)
      .join(', ')}`
  if (!isInputObjectType(inner)) {
    const meaning = isSpecifiedScalarType(inner) ? null : inner.description?.replace(/\.$/, '')
    return `must be of the type ${inner}${meaning ? ` (${meaning})` : ''}`
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `must be an object, a ${inner.name}`
  const fields = inner.getFields()
  const missing = Object.values(fields).find(
    (field) => isRequiredInputField(field) && (value as Record<string, unknown>)[field.name] === undefined,
  )
  if (missing) return `lacks the field "${missing.name}" of a ${inner.name}`
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key))
  // A name as GraphQL's are; another key may be anything.
  const named = unknown !== undefined && /^[a-z_]\w{0,60}$/i.test(unknown) ? ` "${unknown}"` : ''
  return `has a field${named} that a ${inner.name} has not`
}
