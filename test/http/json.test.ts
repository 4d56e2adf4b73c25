/** Long JSON is parsed in pieces, and as JSON.parse would. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/http/json.ts'

const many = 1_000_000

/** What both make of a text: the value, or that it is none. */
async function bothOf(text: string): Promise<[unknown, unknown]> {
  const attempt = async (parse: () => unknown) => {
    try {
      return { value: await parse() }
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxError)
      return 'no JSON'
    }
  }
  return [await attempt(() => parseJson(text, many)), await attempt(() => JSON.parse(text))]
}

const filler = JSON.stringify('x"\\[{,'.repeat(6_000))
const long = `[${'{"a":[1,{"b":"]"}]},'.repeat(4_000)}null]`

describe('a long text', () => {
  it.each<[string, string]>([
    ['a list of small things', long],
    ['of long ones', `[${long},${long},1,${long}]`],
    ['of long texts', `[${filler},${filler},1]`],
    ['an object', `{"a":${long},"b":1,"c":{"d":${long}},"e":${filler}}`],
    ['with a key twice', `{"a":${long},"a":2,"b":3,"b":${long}}`],
    ['with __proto__', `{"__proto__":${long},"x":{"__proto__":{"y":1}},"z":${long}}`],
    ['with odd keys', `{"\\"]:,\\\\":${long},"2":1,"1":${long},"":0}`],
    ['spaced out', ` \n[ ${long} ,\t1 , ${long} ]\r\n`],
    ['nothing but a text', JSON.stringify('x'.repeat(100_000))],
    ['nothing but a number', '1'.repeat(40_000)],
    ['deep', `${'[{"a":'.repeat(500)}${long}${'}]'.repeat(500)}`],
  ])('%s is what JSON.parse says', async (_, text) => {
    const [ours, theirs] = await bothOf(text)
    expect(theirs).not.toBe('no JSON')
    // With the order of members.
    expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs))
  })

  it.each<[string, string]>([
    ['cut off', long.slice(0, -1)],
    ['closed twice', `${long}]`],
    ['closed wrongly', `${long.slice(0, -1)}}`],
    ['two of them', `${long}${long}`],
    ['two with a comma', `${long},${long}`],
    ['a comma at the end', `[${long},]`],
    ['a comma at the beginning', `[,${long}]`],
    ['two commas', `[${long},,${long}]`],
    ['no comma', `[${long}${long}]`],
    ['a word before', `[x${long}]`],
    ['a word after', `[${long}x,1]`],
    ['a key in a list', `["a":${long}]`],
    ['no key in an object', `{${long}}`],
    ['a key that is no text', `{1:${long}}`],
    ['a key that is a list', `{["a"]:${long}}`],
    ['two keys', `{"a":"b":${long}}`],
    ['a text that does not end', `[${long},"x`],
    ['a text that ends in an escape', `[${long},"x\\"]`],
    ['a comma outside', `,${long}`],
    ['a colon in a list', `[${long},1:2]`],
    ['a bad piece', `[${'1,'.repeat(30_000)}nul]`],
    ['other spaces', `[${long},\u00a0${long}]`],
  ])('%s is no JSON', async (_, text) => {
    expect(await bothOf(text)).toEqual(['no JSON', 'no JSON'])
  })

  it('with a character taken out, doubled or changed is what JSON.parse says', async () => {
    const text = `{"a":[${long},{"b":${long}}],"c":${filler}}`
    const change = fc.tuple(
      fc.nat(text.length - 1),
      fc.constantFrom('', ',', ']', '}', '"', ':', '[', '\\', ' '),
    )
    await fc.assert(
      fc.asyncProperty(change, async ([at, by]) => {
        const [ours, theirs] = await bothOf(text.slice(0, at) + by + text.slice(at + 1))
        expect(JSON.stringify(ours) === JSON.stringify(theirs)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('nested 100,000 levels deep is read', async () => {
    const value = await parseJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}`, many)
    let levels = 0
    for (let at = value; Array.isArray(at); at = at[0]) levels += 1
    expect(levels).toBe(100_000)
  })

  const nested = (levels: number, opening: string) => `${opening.repeat(levels)}1${']'.repeat(levels)}`

  it('nested 100,000 levels deep, with something in each, is read', async () => {
    let found = 0
    for (let at = await parseJson(nested(100_000, '[1,1,1,'), many); Array.isArray(at); at = at.at(-1))
      found += at.length - 1
    expect(found).toBe(300_000)
  })

  it.each([
    ['in more than 120,000 levels', nested(160_000, '[')],
    [
      'in more long containers than that',
      `[${nested(70_000, '[')},${nested(70_000, '[')},${nested(70_000, '[')}]`,
    ],
  ])('nested %s is refused', async (_, text) => {
    await expect(parseJson(text, many).then(() => 'read')).rejects.toMatchObject({ status: 400 })
  })

  it('with more values than are taken is refused', async () => {
    const text = `[${'1,'.repeat(49_999)}1]`
    expect(await parseJson(text, 50_001)).toHaveLength(50_000)
    await expect(parseJson(text, 50_000)).rejects.toMatchObject({ status: 413 })
    await expect(parseJson(JSON.stringify('x'.repeat(2_000_000)), many)).rejects.toMatchObject({
      status: 400,
    })
    await expect(parseJson('['.repeat(4_000_000), many)).rejects.toMatchObject({ status: 400 })
  })

  it('leaves turns to others', async () => {
    const text = JSON.stringify(Array.from({ length: 100_000 }, (_, i) => ({ [`key${i}`]: i })))
    let turns = 0
    const count = setInterval(() => (turns += 1), 1)
    await parseJson(text, many)
    clearInterval(count)
    expect(turns).toBeGreaterThan(3)
  })
})
