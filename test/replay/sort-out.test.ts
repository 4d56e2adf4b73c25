import { describe, expect, it } from 'vitest'
import { catalogueOf } from '../../replay/catalogue.ts'
import { readSalesFile } from '../../replay/sales-file.ts'
import { sortOut } from '../../replay/sort-out.ts'
import { csvFile, line } from './sales-csv.ts'

const rowsOf = async (...lines: string[]) => readSalesFile(await csvFile(lines))
const sorted = async (...lines: string[]) => sortOut(await rowsOf(...lines))

describe('rows sorted out', () => {
  it('are in the order of the tills: store, date, time, transaction, line', async () => {
    const { sales } = await sorted(
      line({ id: '7', store: '5' }),
      line({ id: '10', time: '12:00:00' }),
      line({ id: '9', time: '12:00:00' }),
      line({ id: '8', date: '2023-01-10', time: '08:00:00' }),
      line({ id: '6', time: '08:00:00' }),
      line({ id: '9', time: '12:00:00' }),
    )
    expect(sales.map(({ id, line }) => [id, line])).toEqual([
      ['6', 6],
      ['9', 4],
      ['9', 7],
      ['10', 3],
      ['8', 5],
      ['7', 2],
    ])
  })

  it('are sold in the store of their name where they leave out its id, if one store alone has that name', async () => {
    const { sales, unusable, mended } = await sorted(
      line({ id: '1' }),
      line({ id: '2', store: '' }),
      line({ id: '3', store: '', location: '' }),
      line({ id: '4', store: '', location: 'Astoria' }),
      line({ id: '5', store: '8', location: 'Twin' }),
      line({ id: '6', store: '9', location: 'Twin' }),
      line({ id: '7', store: '', location: 'Twin' }),
    )
    expect(sales.map(({ id, storeId }) => [id, storeId])).toEqual([
      ['1', 3],
      ['2', 3],
      ['5', 8],
      ['6', 9],
    ])
    expect(mended).toMatchObject([{ row: { id: '2' }, how: 'no store id, the store of that name' }])
    expect(unusable.map(({ row, reason }) => [row.id, reason])).toEqual([
      ['3', 'no store'],
      ['4', 'no store'],
      ['7', 'no store'],
    ])
  })

  it('are sold in the store of their id where the name is missing or another', async () => {
    const { sales, stores, mended } = await sorted(
      line({ id: '1' }),
      line({ id: '2', location: '' }),
      line({ id: '3', location: 'Astoria' }),
      line({ id: '4' }),
    )
    expect(sales.map(({ storeId }) => storeId)).toEqual([3, 3, 3, 3])
    expect(stores).toEqual([{ id: 3, name: 'Lower Manhattan' }])
    expect(mended.map(({ row, how }) => [row.id, how])).toEqual([
      ['2', 'no store name, the store of that id'],
      ['3', 'another store name than usual, the store of that id'],
    ])
  })

  it('name the first fault of a row that cannot be sold, and nothing else of it', async () => {
    const { sales, stores, unusable, mended } = await sorted(line({ price: '', store: '', detail: '' }))
    expect(unusable.map(({ reason }) => reason)).toEqual(['no price'])
    expect([sales, stores, mended]).toEqual([[], [], []])
  })

  it('tell which sold rows lack their product text', async () => {
    const { mended } = await sorted(
      line({ id: '1', detail: '' }),
      line({ id: '2', category: '' }),
      line({ id: '3' }),
    )
    expect(mended.map(({ row, how }) => [row.id, how])).toEqual([
      ['1', "no product text, the product's in other rows"],
      ['2', "no product text, the product's in other rows"],
    ])
  })
})

describe('the catalogue of a file', () => {
  it('has every price of a product, in the order in which they were first charged', async () => {
    const { products } = catalogueOf(
      await rowsOf(
        line({ date: '2023-03-01', price: '3.25' }),
        line({ date: '2023-01-01', price: '3.0', time: '09:00:00' }),
        line({ date: '2023-02-01', price: '2.75' }),
        line({ date: '2023-04-01', price: '3.00' }),
        line({ date: '2023-01-01', price: '2.5', time: '08:00:00' }),
        line({ date: 'some day', price: '9.99' }),
      ),
    )
    expect(products).toEqual([
      {
        productId: 6,
        name: 'Spicy Eye Opener Chai Lg',
        categoryId: 'replayed-tea',
        prices: [250, 300, 275, 325, 999],
      },
    ])
  })

  it('has the prices of rows that cannot be sold for another reason', async () => {
    const { products } = catalogueOf(await rowsOf(line(), line({ price: '4.0', store: '', location: '' })))
    expect(products.map(({ prices }) => prices)).toEqual([[300, 400]])
  })

  it('takes a missing text from other rows of the product, or puts a placeholder', async () => {
    const { categories, products } = catalogueOf(
      await rowsOf(
        line({ product: '6', detail: '', category: '' }),
        line({ product: '6', price: '' }),
        line({ product: '7', detail: '', category: '' }),
        line({ product: '8', price: '' }),
      ),
    )
    expect(products.map(({ productId, name, categoryId }) => [productId, name, categoryId])).toEqual([
      [6, 'Spicy Eye Opener Chai Lg', 'replayed-tea'],
      [7, 'Product 7', 'replayed-other'],
    ])
    expect(categories).toEqual([
      { categoryId: 'replayed-tea', name: 'Tea' },
      { categoryId: 'replayed-other', name: 'Other' },
    ])
  })

  it('keeps names as short as the menu wants them', async () => {
    const { categories, products } = catalogueOf(
      await rowsOf(line({ detail: 'x'.repeat(300), category: 'y'.repeat(300) })),
    )
    expect([products[0]!.name.length, categories[0]!.name.length]).toEqual([200, 100])
  })
})
