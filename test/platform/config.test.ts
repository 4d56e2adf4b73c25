import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, settings } from '../../src/config.ts'

const refusal = (env: Record<string, string>): string => {
  try {
    loadConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}

const wrong: Record<string, string[]> = {
  PORT: ['http', '65536', '-1', '80.5', ' 80', '1e3'],
  HOST: ['http://localhost', 'a b', '300.1.1.1', 'x\ny'],
  TRUST_PROXY: ['yes', '11'],
  ALLOWED_HOSTS: ['a b', 'https://x', 'x,*y'],
  METRICS_ADDRESS: ['9464', '127.0.0.1', ':9464', 'x:99999', 'a b:1'],
  DATA_DIR: ['  '],
  DATABASE_URL: ['mysql://localhost/x', 'localhost:5432', 'yes'],
  DATABASE_REPLICA_URL: ['mysql://localhost/x', 'localhost:5432'],
  REPLICA_LAG_MS: ['99', '600001', '5s'],
  REDIS_URL: ['http://localhost', 'localhost:6379'],
  DEMO: ['2', 'true', 'yes'],
  AUTH_JWKS_URL: ['keys', 'file:///keys'],
  AUTH_ISSUER: [' '],
  AUTH_AUDIENCE: [' '],
  AUTH_ACCOUNT_CLAIM: [' '],
  AUTH_ALGORITHMS: ['HS256', 'RS256;ES256', 'none'],
  TOKEN_TTL_SECONDS: ['0', '12h'],
  GRAPHIQL: ['on'],
  INTROSPECTION: ['off'],
  LOG_LEVEL: ['loud', 'INFO'],
  REQUEST_TIMEOUT_MS: ['0', '30s'],
  STOP_DELAY_MS: ['-1', '5s'],
  STATEMENT_TIMEOUT_MS: ['0', '10s'],
  LOCK_TIMEOUT_MS: ['0', '5s'],
  SLOW_STATEMENT_MS: ['-1', '1s'],
  DATABASE_POOL: ['0', '1001'],
  BATCH_THREAD: ['yes'],
  MAX_BATCH: ['0', '5001'],
  MAX_BATCH_BYTES: ['99999', '100000001', '4MB'],
  PUSH_CHUNK: ['0', '5001'],
  TOMBSTONE_RETENTION_DAYS: ['0', '3651'],
  FEED_RETENTION_DAYS: ['0', '3651'],
  PAYLOAD_RETENTION_DAYS: ['0', '36501'],
  MAINTENANCE_INTERVAL_SECONDS: ['0', '604801'],
  RATE_LIMIT_PER_SECOND: ['-1', '1000001'],
  CONNECTIONS_PER_ADDRESS: ['-1', '1000001'],
  SOCKETS_PER_ACCOUNT: ['0', '20001'],
}

describe('a wrong setting', () => {
  it('is tested here for every one that there is', () => {
    expect(Object.keys(wrong)).toEqual(settings.map(({ name }) => name))
  })

  const cases = Object.entries(wrong).flatMap(([name, values]) => values.map((value) => ({ name, value })))
  it.each(cases)('$name=$value is one line with name, value and what is accepted', ({ name, value }) => {
    const { accepted } = settings.find((setting) => setting.name === name)!
    expect(refusal({ [name]: value })).toBe(`${name} is ${JSON.stringify(value)}; accepted: ${accepted}`)
  })

  it.each([
    ['DATABASE_URL', 'mysql://app:hunter2@db/x', 'mysql://app:***@db/x'],
    ['DATABASE_URL', 'app:hunter2/@2@db', 'app:***@db'],
    ['DATABASE_URL', 'mysql://db/x?password=hunter2&a=1', 'mysql://db/x?password=***&a=1'],
    ['REDIS_URL', 'http://:hunter2@cache', 'http://:***@cache'],
  ])('%s=%s is told without its password', (name, value, masked) => {
    const line = refusal({ [name]: value })
    expect(line).toContain(`${name} is "${masked}"`)
    expect(line).not.toContain('hunter2')
  })

  it('is cut when it is long', () => {
    expect(refusal({ PORT: 'x'.repeat(5000) }).length).toBeLessThan(200)
  })
})

describe('an identity provider', () => {
  const provider = { AUTH_JWKS_URL: 'https://idp/keys', AUTH_ISSUER: 'https://idp', AUTH_AUDIENCE: 'pos' }

  it('is used when all three are set', () => {
    const auth = { jwksUrl: 'https://idp/keys', issuer: 'https://idp', audience: 'pos' }
    expect(loadConfig(provider).auth).toMatchObject(auth)
    expect(loadConfig({}).auth).toBeUndefined()
  })

  it.each(Object.keys(provider))('is refused without %s', (name) => {
    expect(refusal({ ...provider, [name]: '' })).toMatch(
      new RegExp(`^${name} is not set; accepted: .*, because AUTH_`),
    )
  })
})

describe('settings', () => {
  it('have defaults that are accepted', () => {
    expect(loadConfig({})).toMatchObject({ port: 4000, host: '127.0.0.1', dataDir: '.data', graphiql: true })
  })

  it('are typed', () => {
    const env = {
      PORT: '0',
      HOST: '::1',
      DEMO: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: 'postgres:///x?host=/run',
    }
    const typed = {
      port: 0,
      host: '::1',
      demo: false,
      logLevel: 'silent',
      databaseUrl: 'postgres:///x?host=/run',
    }
    expect(loadConfig(env)).toMatchObject(typed)
  })

  it('count as not set when empty', () => {
    const empty = Object.fromEntries(settings.map(({ name }) => [name, '']))
    expect(loadConfig(empty)).toEqual(loadConfig({}))
  })
})
