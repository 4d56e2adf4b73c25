import { expect, test } from 'vitest'
import { bundleSizes, tableOf } from '../../scripts/bundle-size.ts'

/** kB of gzip, with graphql-ws. Seven more than before closings could be proven, gateways restored and devices let in: the
 * chain, the word of what is given up, references; what was confirmed and may be wanted again; the code that lets a
 * device in; tabs that show what there was at one moment. */
const most = 72.5

test(`the SDK adds less than ${most} kB to an app, compressed`, async () => {
  const sizes = await bundleSizes()
  console.log(tableOf(sizes))
  const { whole, parts } = sizes
  expect(parts.map(({ part }) => part)).not.toContain('other packages')
  expect(whole.gzip).toBeLessThan(most * 1000)
})
