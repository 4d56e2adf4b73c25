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
})
