import { expect, it } from 'vitest'
import { plainLines } from '../../replay/progress.ts'

it('where there is no terminal, progress is a line for each tenth of the way', () => {
  const lines: string[] = []
  const progress = plainLines((text) => lines.push(text))
  progress.start(250)
  for (let done = 0; done < 250; done += 10) progress.advance(10)
  progress.stop()
  expect(lines).toEqual([
    'replaying 250 rows',
    ...[30, 50, 80, 100, 130, 150, 180, 200, 230, 250].map((done) => `${done} of 250 rows`),
  ])
})
