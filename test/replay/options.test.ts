import { expect, it } from 'vitest'
import { readOptions } from '../../replay/options.ts'
import { ReplayError } from '../../replay/replay-error.ts'

it('a file is all that the replay needs to be told', () => {
  expect(readOptions(['sales.csv'])).toEqual({
    file: 'sales.csv',
    url: 'http://127.0.0.1:4000/graphql',
    tenant: 'demo',
    staff: 'admin',
    pin: '1234',
    batch: 100,
    retry: false,
    viaClient: false,
    queue: null,
    help: false,
  })
})

it('the rest can be said', () => {
  const args =
    '--url http://x/graphql --tenant t --staff s --pin 9 --batch 500 --retry --via-client --queue q a.csv'.split(
      ' ',
    )
  const url = 'http://x/graphql'
  expect(readOptions(args)).toEqual({
    file: 'a.csv',
    url,
    tenant: 't',
    staff: 's',
    pin: '9',
    batch: 500,
    retry: true,
    viaClient: true,
    queue: 'q',
    help: false,
  })
})

it.each([
  ['', 'one file is expected, not 0: npm run replay -- FILE.csv [options]'],
  ['a.csv b.csv', 'one file is expected, not 2: npm run replay -- FILE.csv [options]'],
  ['a.csv --url 4000', '--url is "4000"; accepted: an http(s):// URL'],
  ['a.csv --url ftp://x/y', '--url is "ftp://x/y"; accepted: an http(s):// URL'],
  ['a.csv --batch 0', '--batch is "0"; accepted: a whole number from 1 to 500'],
  ['a.csv --batch many', '--batch is "many"; accepted: a whole number from 1 to 500'],
  ['a.csv --queue q', '--queue goes with --via-client'],
  ['a.csv --fast', "Unknown option '--fast'; --help lists the options"],
])('"%s" is answered in one line', (line, message) => {
  expect(() => readOptions(line.split(' ').filter(Boolean))).toThrow(new ReplayError(message))
})
