/**
 * What the text of a query may be, over HTTP and on sockets: bounds for the work of parsing and validating it, which
 * anybody can cause without a token.
 */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  type ParseOptions,
  parse,
  type Source,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql'
import { checkBounds } from './query-bounds.ts'

/** A batch of 100 sales written into the query instead of its variables has about as many. */
const MAX_TOKENS = 15_000

/** The parser calls itself for each level of nesting; so do some rules of validation. */
function withinStack<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw new GraphQLError('The query is nested too deeply.')
    throw error
  }
}

/** Parses a query, and holds it to what may be validated: query-bounds.ts. */
export const parseQuery = (text: string | Source, options?: ParseOptions): DocumentNode =>
  withinStack(() => {
    const document = parse(text, { ...options, maxTokens: MAX_TOKENS })
    checkBounds(document)
    return document
  })

export const queryRules = (options: { introspection: boolean }): readonly ValidationRule[] =>
  options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule]

export const validateQuery = (
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[],
): readonly GraphQLError[] => withinStack(() => validate(schema, document, rules))
