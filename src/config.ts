import { isIP } from 'node:net'
import { z } from 'zod'
import { maskUrl } from './platform/mask.ts'
import { StartError } from './platform/start-error.ts'

/** A setting is wrong. The line names it, what it was (passwords masked) and what is accepted. */
export class ConfigError extends StartError {
  override name = 'ConfigError'
}

/** What a setting may be: in words, and as a schema from the text of the environment. */
type Kind<T> = { accepted: string; schema: z.ZodType<T, string> }

type Spec<T> = Kind<T> & { name: string; default: string | undefined; meaning: string }

function setting<T>(name: string, fallback: string, kind: Kind<T>, meaning: string): Spec<T> {
  return { name, default: fallback, meaning, ...kind }
}

function optional<T>(name: string, kind: Kind<T>, meaning: string): Spec<T | undefined> {
  return { name, default: undefined, meaning, ...kind }
}

function whole(min: number, max: number): Kind<number> {
  const digits = z.string().regex(/^\d{1,15}$/)
  const schema = digits.transform(Number).pipe(z.number().min(min).max(max))
  return { accepted: `a whole number from ${min} to ${max}`, schema }
}

function oneOf<const V extends string>(...values: V[]): Kind<V> {
  return { accepted: values.join(', ').replace(/, ([^,]*)$/, ' or $1'), schema: z.enum(values) }
}

function urlOf(...schemes: string[]): Kind<string> {
  const known = (text: string) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1))
  return { accepted: `a URL with ${schemes.join(':// or ')}://`, schema: z.string().refine(known) }
}

const flag: Kind<boolean> = {
  accepted: '0 or 1',
  schema: z.enum(['0', '1']).transform((value) => value === '1'),
}

const text: Kind<string> = { accepted: 'a text', schema: z.string().regex(/\S/) }

const folder: Kind<string> = { ...text, accepted: 'the path of a folder' }

const hostName = /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i
const isHost = (value: string) => isIP(value) !== 0 || hostName.test(value)
const host: Kind<string> = {
  accepted: 'an IP address or a host name',
  schema: z.string().refine(isHost),
}

const hostNames: Kind<string[]> = {
  accepted: 'host names with commas between, or *',
  schema: z
    .string()
    .transform((value) =>
      value
        .split(',')
        .filter((name) => name !== '')
        .map((name) => name.trim()),
    )
    .refine((names) => names.every((name) => name === '*' || isHost(name))),
}

/** Of keys that can be published. What is signed with a shared secret is nobody's word but ours. */
const asymmetric = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA'.split(' ')
const algorithms: Kind<string[]> = {
  accepted: `some of ${asymmetric.join(', ')}, with commas between`,
  schema: z
    .string()
    .transform((value) => value.split(',').map((name) => name.trim()))
    .refine((names) => names.every((name) => asymmetric.includes(name))),
}

const hostAndPort: Kind<{ host: string; port: number }> = {
  accepted: 'an IP address or a host name, a colon and a port',
  schema: z
    .string()
    .regex(/^(\[[^\]]+\]|[^:]+):\d{1,5}$/)
    .transform((value) => {
      const at = value.lastIndexOf(':')
      return { host: value.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(value.slice(at + 1)) }
    })
    .refine(({ host, port }) => isHost(host) && port <= 65_535),
}

const specs = {
  port: setting('PORT', '4000', whole(0, 65535), 'port to listen on; 0 takes any free one'),
  host: setting('HOST', '127.0.0.1', host, 'address to listen on; 0.0.0.0 is every one'),
  trustProxy: setting(
    'TRUST_PROXY',
    '0',
    whole(0, 10),
    'proxies in front, whose X-Forwarded-For says where a request comes from',
  ),
  allowedHosts: setting(
    'ALLOWED_HOSTS',
    '',
    hostNames,
    'names that it goes by, beside addresses, HOST and local names; * is every one',
  ),
  metricsAddress: optional(
    'METRICS_ADDRESS',
    hostAndPort,
    'where /metrics is, instead of beside everything else',
  ),
  dataDir: setting('DATA_DIR', '.data', folder, 'where the embedded database is kept'),
  databaseUrl: optional(
    'DATABASE_URL',
    urlOf('postgres', 'postgresql'),
    'PostgreSQL instead of the embedded one',
  ),
  databaseReplicaUrl: optional(
    'DATABASE_REPLICA_URL',
    urlOf('postgres', 'postgresql'),
    'a streaming replica of it, from which pulls read while it is close behind',
  ),
  replicaLagMs: setting(
    'REPLICA_LAG_MS',
    '5000',
    whole(100, 600_000),
    'how far behind the replica may be to be read from',
  ),
  redisUrl: optional(
    'REDIS_URL',
    urlOf('redis', 'rediss'),
    'Redis that carries nudges and rate limits between gateways',
  ),
  demo: optional(
    'DEMO',
    flag,
    '1 seeds an empty database with the demo café, 0 does not; not set: embedded on loopback only, with no proxy',
  ),
  authJwksUrl: optional(
    'AUTH_JWKS_URL',
    urlOf('https', 'http'),
    "keys of an identity provider, whose tokens replace the gateway's",
  ),
  authIssuer: optional('AUTH_ISSUER', text, "the provider's tokens must have this iss"),
  authAudience: optional('AUTH_AUDIENCE', text, "the provider's tokens must have this aud"),
  authAccountClaim: setting(
    'AUTH_ACCOUNT_CLAIM',
    'sub',
    text,
    'the claim that is the account id: sub, preferred_username, app_metadata.account_id ...',
  ),
  authAlgorithms: setting(
    'AUTH_ALGORITHMS',
    asymmetric.join(','),
    algorithms,
    "how the provider's tokens may be signed",
  ),
  tokenTtlSeconds: setting(
    'TOKEN_TTL_SECONDS',
    '43200',
    whole(1, 31_536_000),
    "how long a gateway's own token is valid",
  ),
  graphiql: optional(
    'GRAPHIQL',
    flag,
    'GraphiQL for browsers at /graphql; not set: 0 where NODE_ENV is production, else 1',
  ),
  introspection: setting('INTROSPECTION', '1', flag, 'the schema may be asked for'),
  logLevel: setting(
    'LOG_LEVEL',
    'info',
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    'the least that is logged',
  ),
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT_MS',
    '30000',
    whole(1, 600_000),
    'an HTTP request may take this long',
  ),
  stopDelayMs: setting(
    'STOP_DELAY_MS',
    '0',
    whole(0, 600_000),
    'told to stop, it takes requests for so long while /readyz says no: longer than a proxy takes to notice',
  ),
  statementTimeoutMs: setting(
    'STATEMENT_TIMEOUT_MS',
    '10000',
    whole(1, 600_000),
    'a database statement may take this long',
  ),
  lockTimeoutMs: setting(
    'LOCK_TIMEOUT_MS',
    '5000',
    whole(1, 600_000),
    'a lock is waited for this long, then DEFERRED',
  ),
  slowStatementMs: setting(
    'SLOW_STATEMENT_MS',
    '1000',
    whole(0, 600_000),
    'a database statement that takes longer is a line and counted; 0: none',
  ),
  databasePool: setting('DATABASE_POOL', '10', whole(1, 1000), 'connections to the database'),
  batchThread: setting(
    'BATCH_THREAD',
    '1',
    flag,
    'large requests have a thread of their own once several tenants are about, with half as many connections',
  ),
  maxBatch: setting('MAX_BATCH', '500', whole(1, 5000), 'operations that a push may hold'),
  maxBatchBytes: setting(
    'MAX_BATCH_BYTES',
    '4000000',
    whole(100_000, 100_000_000),
    'bytes that the payloads of a push may hold together',
  ),
  pushChunk: setting('PUSH_CHUNK', '100', whole(1, 5000), 'operations decided in one transaction'),
  tombstoneRetentionDays: setting(
    'TOMBSTONE_RETENTION_DAYS',
    '30',
    whole(1, 3650),
    'how long removals can be pulled',
  ),
  feedRetentionDays: setting(
    'FEED_RETENTION_DAYS',
    '30',
    whole(1, 3650),
    'how long superseded records are kept',
  ),
  payloadRetentionDays: setting(
    'PAYLOAD_RETENTION_DAYS',
    '90',
    whole(1, 36_500),
    'how long the record keeps what an applied operation said where the rows that it made say the same',
  ),
  maintenanceIntervalSeconds: setting(
    'MAINTENANCE_INTERVAL_SECONDS',
    '3600',
    whole(1, 604_800),
    'time between clean-ups',
  ),
  rateLimitPerSecond: setting(
    'RATE_LIMIT_PER_SECOND',
    '300',
    whole(0, 1_000_000),
    'requests of one account, at all gateways where they share a Redis; 0 is no limit',
  ),
  connectionsPerAddress: setting(
    'CONNECTIONS_PER_ADDRESS',
    '256',
    whole(0, 1_000_000),
    'HTTP connections that one address may have open; 0 is no limit, and so is TRUST_PROXY',
  ),
  socketsPerAccount: setting(
    'SOCKETS_PER_ACCOUNT',
    '50',
    whole(1, 20_000),
    'WebSockets that one account may have open',
  ),
}

type Values = { [K in keyof typeof specs]: z.output<(typeof specs)[K]['schema']> }

export type IdentityProvider = {
  readonly jwksUrl: string
  readonly issuer: string
  readonly audience: string
  /** By name; where there is none of that name, its parts between dots lead to it. */
  readonly accountClaim: string
  readonly algorithms: readonly string[]
}

/** `auth` is set when tokens come from an identity provider, and not when the gateway issues its own. */
export type Config = Omit<
  Values,
  'authJwksUrl' | 'authIssuer' | 'authAudience' | 'authAccountClaim' | 'authAlgorithms' | 'graphiql'
> & {
  auth?: IdentityProvider
  graphiql: boolean
}

/** Every setting, for the README and for tests. `default` is undefined where nothing is assumed. */
export const settings = Object.values(specs).map((spec) => ({
  name: spec.name,
  default: spec.default,
  accepted: spec.accepted,
  meaning: spec.meaning,
}))

/** Reads the settings; an empty value counts as not set. Throws a ConfigError for the first one that is wrong. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const values = Object.fromEntries(
    Object.entries(specs).map(([key, spec]) => [key, read(spec, env)]),
  ) as Values
  const {
    authJwksUrl: _jwksUrl,
    authIssuer: _issuer,
    authAudience: _audience,
    authAccountClaim: _accountClaim,
    authAlgorithms: _algorithms,
    ...rest
  } = values
  const graphiql = values.graphiql ?? env.NODE_ENV !== 'production'
  return { ...rest, graphiql, auth: identityProvider(values) }
}

function read(spec: Spec<unknown>, env: Record<string, string | undefined>): unknown {
  const value = env[spec.name] || spec.default
  if (value === undefined) return undefined
  const parsed = spec.schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ConfigError(`${spec.name} is ${quote(value)}; accepted: ${spec.accepted}`)
}

/** All three or none: keys without an issuer and an audience would accept tokens that were made for somebody else. */
function identityProvider(values: Values): IdentityProvider | undefined {
  const { authJwksUrl: jwksUrl, authIssuer: issuer, authAudience: audience } = values
  const { authAccountClaim: accountClaim, authAlgorithms } = values
  if (jwksUrl && issuer && audience)
    return { jwksUrl, issuer, audience, accountClaim, algorithms: authAlgorithms }
  const keys = ['authJwksUrl', 'authIssuer', 'authAudience'] as const
  const given = keys.find((key) => values[key])
  const missing = specs[keys.find((key) => !values[key])!]
  if (!given) return undefined
  throw new ConfigError(
    `${missing.name} is not set; accepted: ${missing.accepted}, because ${specs[given].name} is set`,
  )
}

/** On one line whatever it holds, and not longer than a line should be. */
function quote(value: string): string {
  const masked = maskUrl(value)
  return JSON.stringify(masked.length > 100 ? `${masked.slice(0, 100)}…` : masked)
}
