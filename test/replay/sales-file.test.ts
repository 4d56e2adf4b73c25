import { describe, expect, it } from 'vitest'
import { ReplayError } from '../../replay/replay-error.ts'
import { readSalesFile } from '../../replay/sales-file.ts'
import { type Cells, csvFile, header, line } from './sales-csv.ts'

const readOne = async (cells: Partial<Cells>) => (await readSalesFile(await csvFile([line(cells)])))[0]!

describe('a file of café sales', () => {
  it('is read row by row, with the line that each row stands in', async () => {
    const rows = await readSalesFile(await csvFile([line(), '', line({ id: '2', price: '14.75' })]))
    expect(rows).toEqual([
      {
        line: 2,
        id: '1',
        fields: {
          transactionId: 1,
          date: '2023-01-09',
          time: '12:49:07',
          quantity: 1,
          productId: 6,
          priceUsd: 300,
          storeId: 3,
        },
        faults: [],
        storeName: 'Lower Manhattan',
        category: 'Tea',
        detail: 'Spicy Eye Opener Chai Lg',
      },
      expect.objectContaining({ line: 4, id: '2', fields: expect.objectContaining({ priceUsd: 1475 }) }),
    ])
  })

  it.each([
    ['3', 300],
    ['0.8', 80],
    ['2.50', 250],
    ['8.950', 895],
    ['0', 0],
  ])('has the price %s in cents', async (price, cents) => {
    expect((await readOne({ price })).fields.priceUsd).toBe(cents)
  })

  it('takes whole numbers as data frames write them', async () => {
    const { fields, faults } = await readOne({ id: '7.0', store: '3.0', product: '6.00', quantity: '2.0' })
    expect(fields).toMatchObject({ transactionId: 7, storeId: 3, productId: 6, quantity: 2 })
    expect(faults).toEqual([])
  })

  it.each<[Partial<Cells>, string]>([
    [{ id: '' }, 'no transaction id'],
    [{ id: 'A-7' }, 'transaction id that cannot be read'],
    [{ date: '' }, 'no date'],
    [{ date: '09/01/2023' }, 'date that cannot be read'],
    [{ date: '2023-02-30' }, 'date that cannot be read'],
    [{ time: '' }, 'no time'],
    [{ time: '25:00:00' }, 'time that cannot be read'],
    [{ quantity: '' }, 'no quantity'],
    [{ quantity: '0' }, 'quantity that cannot be read'],
    [{ quantity: '-1' }, 'quantity that cannot be read'],
    [{ quantity: '1.5' }, 'quantity that cannot be read'],
    [{ quantity: '1000' }, 'quantity that cannot be read'],
    [{ product: '' }, 'no product'],
    [{ product: 'tea' }, 'product that cannot be read'],
    [{ price: '' }, 'no price'],
    [{ price: 'free' }, 'price that cannot be read'],
    [{ price: '-3.0' }, 'price that cannot be read'],
    [{ price: '3.125' }, 'price that cannot be read'],
    [{ price: '99999999' }, 'price that cannot be read'],
    [{ store: '' }, 'no store'],
    [{ store: 'three' }, 'store that cannot be read'],
  ])('finds fault with %j: %s', async (cells, text) => {
    expect((await readOne(cells)).faults.map((fault) => fault.text)).toEqual([text])
  })

  it('finds fault with rows that are shorter or longer than the header', async () => {
    const rows = await readSalesFile(await csvFile(['5,2023-01-09', `${line()},more`, line({ id: '2' })]))
    expect(rows.map(({ faults }) => faults[0]?.text)).toEqual([
      'not as many fields as the header',
      'not as many fields as the header',
      undefined,
    ])
  })

  it('reads what spreadsheets write: a byte order mark, CRLF, quotes, spaces, columns in another order', async () => {
    const [first, ...others] = header.split(',')
    const [id, ...cells] = line({ location: '"Lower ""Manhattan"", NY"', price: ' 3.0 ' }).split(/,(?! )/)
    const file = await csvFile([[...cells, id].join(',')], {
      newline: '\r\n',
      head: `\uFEFF${[...others, first].join(',')}`,
    })
    expect(await readSalesFile(file)).toMatchObject([
      { id: '1', storeName: 'Lower "Manhattan", NY', fields: { priceUsd: 300 }, faults: [] },
    ])
  })

  it('is refused in one line where it is no such file', async () => {
    const failure = async (path: string) => {
      const error = await readSalesFile(path).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ReplayError)
      return (error as Error).message
    }
    expect(await failure('/nowhere/sales.csv')).toMatch(/^\/nowhere\/sales.csv cannot be read: ENOENT/)
    expect(await failure(await csvFile([], { head: '' }))).toMatch(/sales\.csv is empty$/)
    expect(await failure(await csvFile(['1,2'], { head: 'transaction_id,unit_price' }))).toMatch(
      /its first line has no transaction_date, .*product_detail$/,
    )
    expect(await failure(await csvFile([line({ location: '"never closed' })]))).toMatch(
      /cannot be read: Quote/,
    )
  })
})
