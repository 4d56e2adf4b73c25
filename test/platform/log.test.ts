import { describe, expect, it } from 'vitest'
import { createLogger } from '../../src/platform/log.ts'

function logged(level: string, write: (log: ReturnType<typeof createLogger>) => void) {
  const lines: string[] = []
  write(createLogger(level, { write: (line) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line))
}

describe('the log', () => {
  it('is a JSON object per line, from its level up', () => {
    const lines = logged('info', (log) => {
      log.debug('nothing')
      log.info({ branch: 'market' }, 'opened')
    })
    expect(lines).toMatchObject([{ level: 'info', branch: 'market', msg: 'opened' }])
  })

  it('holds no PIN and no token', () => {
    const headers = { authorization: 'Bearer secret' }
    const [line] = logged('info', (log) =>
      log.info({
        pin: 'secret',
        req: { headers },
        variables: { input: { pin: 'secret', staffCode: 'admin' } },
      }),
    )
    expect(JSON.stringify(line)).not.toContain('secret')
    expect(line.variables.input.staffCode).toBe('admin')
  })

  it('tells of an error what it is, and nothing that hangs on it', () => {
    const cause = new Error('the socket closed')
    const error = Object.assign(new Error('terminated', { cause }), {
      code: '57P01',
      detail: 'Key (pin)=(secret) exists',
      client: { password: 'secret' },
    })
    const [line, other] = logged('info', (log) => {
      log.warn({ err: error }, 'lost')
      log.warn({ err: new AggregateError([error], 'several'), error: 'in words' })
    })
    expect(line.err).toEqual({
      type: 'Error',
      message: 'terminated: the socket closed',
      stack: expect.stringContaining('caused by: Error: the socket closed'),
      code: '57P01',
    })
    expect(other).toMatchObject({ err: { aggregateErrors: [{ code: '57P01' }] }, error: 'in words' })
    expect(JSON.stringify([line, other])).not.toContain('secret')
  })
})
