/**
 * GraphQL over HTTP: yoga, with the caller's identity in the context, errors that say no internals, and the fast
 * path of pulls.
 */
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { BatchThread } from '../batch-thread/batch-thread.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../platform/log.ts'
import type { Identity } from '../platform/tokens.ts'
import { traced } from '../platform/trace.ts'
import { identityOf } from './access.ts'
import type { BaseContext, Context } from './context.ts'
import { KeptDocuments } from './document-cache.ts'
import { badInput, isAboutVariable, presentingErrors, requestError } from './errors.ts'
import type { EventStreams } from './nudge-sse.ts'
import type { OpenNudges } from './nudge-subscriptions.ts'
import { compilePull, executePull } from './pull-text.ts'
import { costOfDocument } from './query-bounds.ts'
import { parseQuery, queryRules, validateQuery } from './query-text.ts'
import { callerKey } from './rate-limit.ts'
import { createRequestDoor, type Exchange } from './requests.ts'
import { SchemaAnswers } from './schema-answers.ts'
import { variableFault } from './variables.ts'

type Options = {
  schema: GraphQLSchema
  path: string
  base: BaseContext
  streams: EventStreams<Identity>
  log: Logger
  /** What answers large requests, where there is such a thing. */
  batchThread?: BatchThread | undefined
  headsAreCounted?: boolean | undefined
}

export function createGraphql(options: Options) {
  const { schema, path, base, streams, log, batchThread, headsAreCounted } = options
  const { config, services, rateLimit } = base
  const presentError = presentingErrors(log, 'request failed')
  const present = (error: unknown) => {
    const presented = presentError(error)
    services.metrics.requestErrors.inc({ code: String(presented.extensions.code) })
    return presented
  }

  const faultOf = ({ document, operationName, variableValues }: ExecutionArgs) =>
    variableFault(schema, document, operationName, variableValues ?? {}) ??
    badInput('The variables are not what the query takes.')
  const schemaAnswers = new SchemaAnswers()
  const execution: Plugin<Context> = {
    onExecute({ args, executeFn, setExecuteFn }) {
      const context = args.contextValue as Context
      const plan = compilePull(args.document, args.operationName)
      const run = async () => {
        await rateLimit(context, costOfDocument(args.document))
        const variables = (args.variableValues ?? {}) as Record<string, unknown>
        const pulled = plan && (await executePull(plan, schema, variables, context))
        const execute = () => inShare(args, context, async () => (await executeFn(args)) as ExecutionResult)
        const result = pulled ?? (await schemaAnswers.answer(args, execute)) ?? (await execute())
        return result.errors?.some(isAboutVariable) ? { errors: [faultOf(args)] } : result
      }
      setExecuteFn((() =>
        within(config.requestTimeoutMs, tracedGraphql(args, run)).catch((error: unknown) => ({
          data: null,
          errors: [locate(error, plan?.responseName)],
        }))) as typeof executeFn)
    },
  }
  const documents = new KeptDocuments()
  const { tokens, engine } = services
  const door = createRequestDoor({
    ...{
      config,
      tokens,
      rateLimit,
      present,
      schemaAnswers,
      batchThread,
      headsAreCounted,
      turns: engine.turns,
    },
    onBody: (bytes) => services.metrics.requestBytes.observe(bytes),
  })
  const yoga = createYoga<Exchange, Context>({
    schema,
    graphqlEndpoint: path,
    landingPage: false,
    logging: false,
    maskedErrors: false,
    batching: false,
    multipart: false,
    cors: false,
    // requests.ts has read the body by then.
    maxRequestBodySize: false,
    graphiql: false,
    context({ caller, res }) {
      const nudges: OpenNudges = async (filter) => streams.open(identityOf(caller!), res, filter)
      return { ...base, ...caller!, nudges }
    },
    // Yoga sets what parses, before it is known to be valid, and every error: neither is kept.
    parserAndValidationCache: {
      documentCache: { get: (text) => documents.get(text), set() {} },
      errorCache: { get: () => undefined, set() {} },
    },
    plugins: [door.plugin, presentedErrors(present), boundedDocuments(config, documents), execution],
  })
  return door.enter(yoga)
}

/** What is asked of a tenant takes of its share; what is done for it is the engine's to reckon. */
function inShare<T>(
  { document, operationName }: ExecutionArgs,
  context: Context,
  execute: () => Promise<T>,
): Promise<T> {
  const tenantId = context.identity?.tenantId ?? null
  const isQuestion = getOperationAST(document, operationName)?.operation === 'query'
  if (tenantId === null || !isQuestion) return execute()
  return context.services.engine.turns.share.ask(tenantId, callerKey(context), execute)
}

const presentedErrors = (present: (error: unknown) => GraphQLError): Plugin => ({
  onResultProcess({ result, setResult }) {
    if (!result || Symbol.asyncIterator in result || Array.isArray(result) || !('errors' in result)) return
    if (result.errors?.length) setResult({ ...result, errors: result.errors.map(present) })
  },
  // What ends a stream of events.
  onSubscribe: () => ({
    onSubscribeError: ({ error, setError }) => setError(present(error)),
  }),
})

/** Documents are looked at by rules of our own; those that are valid are kept. */
function boundedDocuments(config: Config, documents: KeptDocuments): Plugin {
  const rules = queryRules(config)
  return {
    onParse: ({ setParseFn }) => setParseFn(parseQuery),
    onValidate({ params: { documentAST }, setValidationFn }) {
      setValidationFn((schema: GraphQLSchema, document: DocumentNode) =>
        validateQuery(schema, document, rules),
      )
      return ({ valid }) => {
        if (valid) documents.keep(documentAST)
      }
    },
  }
}

/** The name is the client's, and bounded as all of a document is. */
function tracedGraphql<T>({ document, operationName }: ExecutionArgs, run: () => Promise<T>): Promise<T> {
  const { operation = 'query', name } = getOperationAST(document, operationName) ?? {}
  const called = name ? { 'graphql.operation.name': name.value.slice(0, 100) } : {}
  return traced(operation, { 'graphql.operation.type': operation, ...called }, run)
}

/** An error as the executor would have located it. */
function locate(error: unknown, responseName: string | undefined): GraphQLError {
  const path = responseName ? [responseName] : undefined
  return error instanceof GraphQLError
    ? new GraphQLError(error.message, { path, extensions: error.extensions })
    : new GraphQLError('failed', { path, originalError: error as Error })
}

/**
 * Gives up waiting after a while. What was begun may still be committed: operations are idempotent, so the
 * client sends them again and gets their results.
 */
function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(requestError('SERVICE_UNAVAILABLE', 'The server took too long; send it again.')),
      ms,
    )
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
