/**
 * Writes docs/vectors/*.json. The expected values marked `byHand` below were worked out from the rules, not by this
 * code; writing stops where the two differ.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PolicyValues } from '../src/modules/policy/contract.ts'
import { changeOf, mixedChangeOf, totalsOf } from '../src/modules/sale/pricing.ts'
import { canonicalOperation } from '../src/sync/canonical.ts'
import type { Json } from '../src/sync/words.ts'

const folder = join(import.meta.dirname, '../docs/vectors')

function agree(what: string, byHand: unknown, computed: unknown) {
  if (JSON.stringify(byHand) !== JSON.stringify(computed))
    throw new Error(`${what}: by hand ${JSON.stringify(byHand)}, computed ${JSON.stringify(computed)}`)
}

/* Payload hashes: [name, type, branchId, payload as JSON text, canonical text by hand] */
const hashes: [string, string, string | null, string, string][] = [
  [
    'an empty payload',
    'branch.freeze',
    'riverside',
    '{}',
    '{"branchId":"riverside","payload":{},"type":"branch.freeze"}',
  ],
  [
    'no branch',
    'menuItem.remove',
    null,
    '{"menuItemId":"latte"}',
    '{"branchId":null,"payload":{"menuItemId":"latte"},"type":"menuItem.remove"}',
  ],
  [
    'keys in order, at every depth',
    'x',
    'b',
    '{"b":{"z":1,"a":2},"a":[{"y":1,"x":2}]}',
    '{"branchId":"b","payload":{"a":[{"x":2,"y":1}],"b":{"a":2,"z":1}},"type":"x"}',
  ],
  [
    'keys in the order of UTF-16 code units: capitals, then small letters, then é, then 😀 (D83D), then ﬀ (FB00)',
    'x',
    'b',
    '{"\ufb00":5,"\ud83d\ude00":4,"é":3,"a":2,"Z":1}',
    '{"branchId":"b","payload":{"Z":1,"a":2,"é":3,"\ud83d\ude00":4,"\ufb00":5},"type":"x"}',
  ],
  [
    'Khmer, unescaped',
    'cashSession.movement',
    'riverside',
    '{"reason":"ទឹកកក"}',
    '{"branchId":"riverside","payload":{"reason":"ទឹកកក"},"type":"cashSession.movement"}',
  ],
  [
    'escaped on the way in, plain on the way out',
    'x',
    'b',
    '{"a":"\\u0041\\u00e9\\ud83d\\ude00\\/"}',
    '{"branchId":"b","payload":{"a":"Aé😀/"},"type":"x"}',
  ],
  [
    'what has to be escaped',
    'x',
    'b',
    '{"a":"\\"\\\\\\b\\f\\n\\r\\t\\u001f"}',
    '{"branchId":"b","payload":{"a":"\\"\\\\\\b\\f\\n\\r\\t\\u001f"},"type":"x"}',
  ],
  [
    'no normalisation: é as one letter and as two are two texts',
    'x',
    'b',
    '{"a":"e\\u0301","b":"\\u00e9"}',
    '{"branchId":"b","payload":{"a":"e\u0301","b":"é"},"type":"x"}',
  ],
  [
    'numbers: 1.0 is 1',
    'x',
    'b',
    '{"a":1.0,"b":100e-2,"c":-0,"d":0.0}',
    '{"branchId":"b","payload":{"a":1,"b":1,"c":0,"d":0},"type":"x"}',
  ],
  [
    'numbers: exponents from 1e21 on, and below 1e-6',
    'x',
    'b',
    '{"a":1e20,"b":1e21,"c":0.000001,"d":0.0000001}',
    '{"branchId":"b","payload":{"a":100000000000000000000,"b":1e+21,"c":0.000001,"d":1e-7},"type":"x"}',
  ],
  [
    'numbers: the largest safe integer, a location',
    'x',
    'b',
    '{"a":9007199254740991,"b":11.5563738,"c":104.92820}',
    '{"branchId":"b","payload":{"a":9007199254740991,"b":11.5563738,"c":104.9282},"type":"x"}',
  ],
  [
    'numbers: whole numbers beyond 2^53 are the nearest double, as RFC 8785 has all numbers',
    'x',
    'b',
    '{"a":9007199254740993,"b":-9007199254740993,"c":12345678901234567890}',
    '{"branchId":"b","payload":{"a":9007199254740992,"b":-9007199254740992,"c":12345678901234567000},"type":"x"}',
  ],
  [
    'RFC 8785, 3.2.2: its own example',
    'x',
    'b',
    `{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}`,
    `{"branchId":"b","payload":{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"},"type":"x"}`,
  ],
  [
    'RFC 8785, 3.2.3: its own example of sorting',
    'x',
    'b',
    '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
    '{"branchId":"b","payload":{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"},"type":"x"}',
  ],
  [
    'keys that look like numbers are texts: 10 is before 9',
    'x',
    'b',
    '{"9":1,"10":2,"":3}',
    '{"branchId":"b","payload":{"":3,"10":2,"9":1},"type":"x"}',
  ],
  [
    'not escaped: DEL, line separators, slashes, what HTML would escape',
    'x',
    'b',
    '{"a":"\\u007f\\u2028\\u2029/<&>"}',
    '{"branchId":"b","payload":{"a":"\u007f\u2028\u2029/<&>"},"type":"x"}',
  ],
  [
    'a type and a branch that have to be escaped',
    'a"b',
    'ផ្សារ\\1',
    '{}',
    '{"branchId":"ផ្សារ\\\\1","payload":{},"type":"a\\"b"}',
  ],
  [
    'true, false, null, empty list',
    'x',
    'b',
    '[true,false,null,[]]',
    '{"branchId":"b","payload":[true,false,null,[]],"type":"x"}',
  ],
  [
    'white space is not kept',
    'cashSession.open',
    'riverside',
    ' { "openingFloat" : { "usd" : 5000 , "khr" : 200000 } , "cashSessionId" : "5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a002" } ',
    '{"branchId":"riverside","payload":{"cashSessionId":"5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a002","openingFloat":{"khr":200000,"usd":5000}},"type":"cashSession.open"}',
  ],
]

const payloadHashes = hashes.map(([name, type, branchId, payloadText, byHand]) => {
  const canonical = canonicalOperation({ type, branchId, payload: JSON.parse(payloadText) as Json })
  agree(name, byHand, canonical)
  const payloadHash = createHash('sha256').update(byHand, 'utf8').digest('hex')
  return { name, type, branchId, payloadText, canonical, payloadHash }
})

/* Prices: [name, lines [unit, quantity], policy, totals by hand] */
const policy: PolicyValues = {
  vatEnabled: true,
  vatRatePercent: 10,
  fxRateKhrPerUsd: 4100,
  khrRoundingEnabled: true,
  khrRoundingMode: 'NEAREST',
  khrRoundingGranularity: 100,
}
const totals = (subtotalUsd: number, vatUsd: number, totalUsd: number, totalKhr: number) => ({
  subtotalUsd,
  vatUsd,
  totalUsd,
  totalKhr,
})
type Line = [unitUsd: number, quantity: number]
const prices: [string, Line[], Partial<PolicyValues>, ReturnType<typeof totals>][] = [
  ['one line', [[250, 1]], {}, totals(250, 25, 275, 11_300)],
  [
    'lines add up before VAT',
    [
      [333, 1],
      [333, 2],
    ],
    {},
    totals(999, 100, 1099, 45_100),
  ],
  ['VAT half a cent goes up', [[5, 1]], {}, totals(5, 1, 6, 200)],
  ['VAT below half a cent goes down', [[4, 1]], {}, totals(4, 0, 4, 200)],
  ['no VAT', [[250, 2]], { vatEnabled: false }, totals(500, 0, 500, 20_500)],
  ['VAT of 100 %', [[1, 1]], { vatRatePercent: 100 }, totals(1, 1, 2, 100)],
  [
    'NEAREST: 4,150 of 100 goes up',
    [[100, 1]],
    { vatEnabled: false, fxRateKhrPerUsd: 4150 },
    totals(100, 0, 100, 4200),
  ],
  [
    'NEAREST: 4,149 goes down',
    [[100, 1]],
    { vatEnabled: false, fxRateKhrPerUsd: 4149 },
    totals(100, 0, 100, 4100),
  ],
  [
    'UP: 4,101 is 4,200',
    [[100, 1]],
    { vatEnabled: false, fxRateKhrPerUsd: 4101, khrRoundingMode: 'UP' },
    totals(100, 0, 100, 4200),
  ],
  ['UP: 4,100 stays', [[100, 1]], { vatEnabled: false, khrRoundingMode: 'UP' }, totals(100, 0, 100, 4100)],
  [
    'DOWN: 4,199 is 4,100',
    [[100, 1]],
    { vatEnabled: false, fxRateKhrPerUsd: 4199, khrRoundingMode: 'DOWN' },
    totals(100, 0, 100, 4100),
  ],
  [
    'thousands, NEAREST',
    [[275, 1]],
    { vatEnabled: false, khrRoundingGranularity: 1000 },
    totals(275, 0, 275, 11_000),
  ],
  [
    'thousands, UP',
    [[275, 1]],
    { vatEnabled: false, khrRoundingGranularity: 1000, khrRoundingMode: 'UP' },
    totals(275, 0, 275, 12_000),
  ],
  [
    'thousands, DOWN',
    [[290, 1]],
    { vatEnabled: false, khrRoundingGranularity: 1000, khrRoundingMode: 'DOWN' },
    totals(290, 0, 290, 11_000),
  ],
  [
    'no rounding: to the riel, half up',
    [[50, 1]],
    { vatEnabled: false, fxRateKhrPerUsd: 4101, khrRoundingEnabled: false },
    totals(50, 0, 50, 2051),
  ],
  [
    'rounded from the exact amount, not twice: 2,050.5 UP to 100',
    [[50, 1]],
    { vatEnabled: false, fxRateKhrPerUsd: 4101, khrRoundingMode: 'UP' },
    totals(50, 0, 50, 2100),
  ],
  // By the exact subtotal instead of the total in whole cents, each of these would be 100 riel off.
  ['riel of the total in whole cents: 45 cents', [[45, 1]], {}, totals(45, 5, 50, 2_100)],
  ['riel of the total in whole cents: 61 cents', [[61, 1]], {}, totals(61, 6, 67, 2_700)],
  ['riel of the total in whole cents: 65 cents', [[65, 1]], {}, totals(65, 7, 72, 3_000)],
  ['riel of the total in whole cents: 81 cents', [[81, 1]], {}, totals(81, 8, 89, 3_600)],
  ['riel of the total in whole cents: 85 cents', [[85, 1]], {}, totals(85, 9, 94, 3_900)],
  ['a large sale', [[1_000_000, 999]], {}, totals(999_000_000, 99_900_000, 1_098_900_000, 45_054_900_000)],
]
const priceVectors = prices.map(([name, given, changes, byHand]) => {
  const lines = given.map(([unitUsd, quantity]) => ({ unitUsd, quantity }))
  const own = { ...policy, ...changes }
  agree(name, byHand, totalsOf(lines, own))
  return { name, lines, policy: own, totals: byHand }
})

/* Change: [name, currency, received, totals, policy, change by hand; null: not enough] */
type Amounts = { usd: number; khr: number }
const both = (usd: number, khr: number): Amounts => ({ usd, khr })
const up: Partial<PolicyValues> = { khrRoundingMode: 'UP' }
const down: Partial<PolicyValues> = { khrRoundingMode: 'DOWN' }
const thousands: Partial<PolicyValues> = { khrRoundingGranularity: 1000 }
const owed = (totalUsd: number, totalKhr: number) => ({ totalUsd, totalKhr })
const changes: [
  string,
  'USD' | 'KHR',
  number,
  ReturnType<typeof owed>,
  Partial<PolicyValues>,
  Amounts | null,
][] = [
  ['exact riel', 'KHR', 11_300, owed(275, 11_300), {}, both(0, 0)],
  ['riel for riel', 'KHR', 20_000, owed(275, 11_300), {}, both(0, 8_700)],
  ['exact dollars', 'USD', 275, owed(275, 11_300), {}, both(0, 0)],
  ['less than a dollar left: all in riel', 'USD', 300, owed(275, 11_300), {}, both(0, 1_000)],
  ['whole dollars in dollars, the rest in riel', 'USD', 1000, owed(275, 11_300), {}, both(700, 1_000)],
  ['whole dollars only', 'USD', 500, owed(300, 12_300), {}, both(200, 0)],
  ['99 cents round up to a dollar’s worth', 'USD', 500, owed(401, 16_400), {}, both(0, 4_100)],
  ['UP', 'USD', 1000, owed(275, 11_300), up, both(700, 1_100)],
  ['DOWN, thousands', 'USD', 1000, owed(275, 11_300), { ...down, ...thousands }, both(700, 1_000)],
  ['DOWN', 'USD', 1000, owed(275, 11_200), down, both(700, 1_000)],
  ['NEAREST, thousands: 492 riel are nothing', 'USD', 1000, owed(288, 12_000), thousands, both(700, 0)],
  ['NEAREST, thousands: 1,025 riel are 1,000', 'USD', 1000, owed(275, 11_000), thousands, both(700, 1_000)],
  ['UP, thousands', 'USD', 1000, owed(275, 12_000), { ...up, ...thousands }, both(700, 2_000)],
  [
    'riel for riel: not rounded again, whatever the policy',
    'KHR',
    12_345,
    owed(275, 11_300),
    { ...up, ...thousands },
    both(0, 1_045),
  ],
  ['no rounding', 'USD', 1000, owed(275, 11_275), { khrRoundingEnabled: false }, both(700, 1_025)],
  ['a cent short', 'USD', 274, owed(275, 11_300), {}, null],
  ['a riel short', 'KHR', 11_299, owed(275, 11_300), {}, null],
]
const changeVectors = changes.map(([name, currency, received, owed, differing, byHand]) => {
  const own = { ...policy, ...differing }
  agree(name, byHand, changeOf({ currency, received }, owed, own))
  return { name, tender: { currency, received }, totals: owed, policy: own, change: byHand }
})

/* Dollars and riel together: [name, received, total in cents, policy, change by hand; null: not enough] */
const mixed: [string, Amounts, number, Partial<PolicyValues>, Amounts | null][] = [
  ['two dollars and the rest in riel: 3,075 are 3,100', both(200, 5_000), 275, {}, both(0, 1_900)],
  ['to the riel', both(200, 3_100), 275, {}, both(0, 0)],
  ['a riel short', both(200, 3_099), 275, {}, null],
  ['riel alone', both(0, 20_000), 275, {}, both(0, 8_700)],
  ['riel alone, a riel short', both(0, 11_299), 275, {}, null],
  ['nothing', both(0, 0), 275, {}, null],
  ['a cent short in dollars, and no riel', both(274, 0), 275, {}, both(0, 0)],
  ['two cents short: 82 riel are 100', both(273, 0), 275, {}, null],
  ['dollars alone: whole dollars, and 1,025 riel are 1,000', both(1000, 0), 275, {}, both(700, 1_000)],
  ['to the cent', both(275, 0), 275, {}, both(0, 0)],
  ['riel that were not needed go back as they came', both(275, 1_234), 275, {}, both(0, 1_234)],
  ['more of both than is due', both(500, 5_000), 275, {}, both(200, 6_000)],
  ['just between goes up: 2,050 are 2,100', both(100, 0), 50, {}, both(0, 2_100)],
  ['UP asks for more: 3,075 are 3,100', both(200, 3_100), 275, up, both(0, 0)],
  ['UP asks for more: 3,100 and not less', both(200, 3_099), 275, up, null],
  ['UP gives back less: 1,025 are 1,000', both(1000, 0), 275, up, both(700, 1_000)],
  ['UP, thousands, asks for 4,000', both(200, 5_000), 275, { ...up, ...thousands }, both(0, 1_000)],
  ['UP, thousands: 99 cents back are 4,000', both(500, 0), 401, { ...up, ...thousands }, both(0, 4_000)],
  ['DOWN asks for less: 3,075 are 3,000', both(200, 3_000), 275, down, both(0, 0)],
  ['DOWN gives back more: 1,025 are 1,100', both(1000, 0), 275, down, both(700, 1_100)],
  ['DOWN, thousands: 1,025 are 2,000', both(1000, 0), 275, { ...down, ...thousands }, both(700, 2_000)],
  ['NEAREST, thousands: 492 riel are nothing', both(1000, 0), 288, thousands, both(700, 0)],
  ['no rounding', both(1000, 0), 275, { khrRoundingEnabled: false }, both(700, 1_025)],
  [
    'no rounding: half a riel goes up, whatever the mode',
    both(100, 0),
    50,
    { ...up, khrRoundingEnabled: false, fxRateKhrPerUsd: 4101 },
    both(0, 2_051),
  ],
  ['a free sale', both(0, 0), 0, {}, both(0, 0)],
]
const mixedVectors = mixed.map(([name, received, totalUsd, differing, byHand]) => {
  const own = { ...policy, ...differing }
  agree(name, byHand, mixedChangeOf(received, totalUsd, own))
  return { name, tender: { received }, totals: { totalUsd }, policy: own, change: byHand }
})

const all = {
  'payload-hash': payloadHashes,
  'price-arithmetic': priceVectors,
  change: changeVectors,
  'mixed-change': mixedVectors,
}
for (const [name, vectors] of Object.entries(all))
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(vectors, null, 2)}\n`)
