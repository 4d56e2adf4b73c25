import { expect, it } from 'vitest'
import { csvOf, plainUsd } from '../../../client/admin/lib/csv.ts'

it('is quoted where it must be, in UTF-8, and no formula', () => {
  expect(
    csvOf([
      [
        ['Name', 'Sold'],
        ['Latte, large', 3],
        ['say "hi"', 1],
      ],
      [['កាហ្វេ', '=1+1']],
    ]),
  ).toBe('\ufeffName,Sold\r\n"Latte, large",3\r\n"say ""hi""",1\r\n\r\nកាហ្វេ,\'=1+1\r\n')
  expect(plainUsd(150)).toBe('1.50')
})
