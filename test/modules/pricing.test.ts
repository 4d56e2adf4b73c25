import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyValues } from '../../src/modules/policy/contract.ts'
import { changeOf, mixedChangeOf, toRiel, totalsOf, unitPrice } from '../../src/modules/sale/pricing.ts'

const modes = ['NEAREST', 'UP', 'DOWN'] as const
const granularities = [100, 1000] as const

const policy = (values: Partial<PolicyValues> = {}): PolicyValues => ({
  vatEnabled: true,
  vatRatePercent: 10,
  fxRateKhrPerUsd: 4100,
  khrRoundingEnabled: true,
  khrRoundingMode: 'NEAREST',
  khrRoundingGranularity: 100,
  ...values,
})

const anyPolicy = fc.record({
  vatEnabled: fc.boolean(),
  vatRatePercent: fc.integer({ min: 0, max: 100 }),
  fxRateKhrPerUsd: fc.integer({ min: 1, max: 10_000 }),
  khrRoundingEnabled: fc.boolean(),
  khrRoundingMode: fc.constantFrom(...modes),
  khrRoundingGranularity: fc.constantFrom(...granularities),
})
const anyLine = fc.record({
  unitUsd: fc.integer({ min: 0, max: 100_000 }),
  quantity: fc.integer({ min: 1, max: 999 }),
})
const anyLines = fc.array(anyLine, { minLength: 1, maxLength: 20 })
const anyCents = fc.integer({ min: 0, max: 1_000_000_000 })

describe('unit, line, subtotal', () => {
  it('unit = item price + selected modifiers’ prices', () => {
    expect(unitPrice(250, [])).toBe(250)
    expect(unitPrice(250, [50, 60, -20])).toBe(340)
  })

  it('choices take off what there is: a line stops at nothing, and costs its neighbours nothing', () => {
    expect(unitPrice(200, [-300])).toBe(0)
    expect(unitPrice(200, [-300, 150])).toBe(50)
    const totals = totalsOf(
      [
        { unitUsd: unitPrice(200, [-300]), quantity: 3 },
        { unitUsd: 250, quantity: 1 },
      ],
      policy(),
    )
    expect(totals).toMatchObject({ subtotalUsd: 250, totalUsd: 275 })
  })

  it('line = unit x quantity; the subtotal is the sum of the lines', () => {
    const lines = [
      { unitUsd: 300, quantity: 2 },
      { unitUsd: 175, quantity: 3 },
    ]
    expect(totalsOf(lines, policy()).subtotalUsd).toBe(1125)
  })
})

describe('VAT: subtotal x rate, half up to the cent', () => {
  it.each([
    [0, 10, 0],
    [4, 10, 0],
    [5, 10, 1],
    [14, 10, 1],
    [15, 10, 2],
    [25, 10, 3],
    [333, 7, 23],
    [350, 7, 25],
    [1, 50, 1],
    [1, 49, 0],
    [199, 100, 199],
    [12_345, 0, 0],
  ])('%i cents at %i %% are %i', (unitUsd, vatRatePercent, vatUsd) => {
    const totals = totalsOf([{ unitUsd, quantity: 1 }], policy({ vatRatePercent }))
    expect(totals).toMatchObject({ vatUsd, totalUsd: unitUsd + vatUsd })
  })

  it('0 where it is disabled', () => {
    expect(totalsOf([{ unitUsd: 999, quantity: 1 }], policy({ vatEnabled: false }))).toMatchObject({
      vatUsd: 0,
      totalUsd: 999,
    })
  })
})

describe('riel: total x FX / 100, rounded to the granularity by the mode', () => {
  // 660 cents at 4,100 are 27,060 riel.
  it.each([
    ['NEAREST', 100, 27_100],
    ['UP', 100, 27_100],
    ['DOWN', 100, 27_000],
    ['NEAREST', 1000, 27_000],
    ['UP', 1000, 28_000],
    ['DOWN', 1000, 27_000],
  ] as const)('27,060 %s to %i is %i', (khrRoundingMode, khrRoundingGranularity, khr) => {
    expect(toRiel(660, policy({ khrRoundingMode, khrRoundingGranularity }))).toBe(khr)
  })

  // 50 cents at 4,100 are 2,050 riel: just between; 1 dollar at 3,500 are 3,500.
  it.each([
    ['NEAREST', 100, 50, 4100, 2100],
    ['NEAREST', 1000, 100, 3500, 4000],
    ['NEAREST', 1000, 100, 3499, 3000],
    ['UP', 100, 100, 4100, 4100],
    ['DOWN', 100, 100, 4100, 4100],
    ['UP', 100, 1, 4100, 100],
    ['UP', 1000, 1, 4100, 1000],
    ['DOWN', 1000, 24, 4100, 0],
  ] as const)('%s to %i: %i cents at %i are %i', (mode, granularity, cents, fx, khr) => {
    const rounding = policy({
      khrRoundingMode: mode,
      khrRoundingGranularity: granularity,
      fxRateKhrPerUsd: fx,
    })
    expect(toRiel(cents, rounding)).toBe(khr)
  })

  it.each([
    [1, 4150, 42],
    [1, 4149, 41],
    [3, 4050, 122],
    [660, 4100, 27_060],
  ])('to the riel, half up, where rounding is off: %i cents at %i are %i', (cents, fxRateKhrPerUsd, khr) => {
    const mode = { khrRoundingMode: 'DOWN', khrRoundingGranularity: 1000 } as const
    expect(toRiel(cents, policy({ khrRoundingEnabled: false, fxRateKhrPerUsd, ...mode }))).toBe(khr)
  })

  it('is exact where a product of cents and rate is more than 2^53', () => {
    expect(toRiel(999_999_999_999, policy({ fxRateKhrPerUsd: 999_999, khrRoundingMode: 'DOWN' }))).toBe(
      9_999_989_999_990_000,
    )
  })
})

describe('change', () => {
  const totals = { totalUsd: 660, totalKhr: 27_100 }

  it.each([
    ['KHR', 27_100, { usd: 0, khr: 0 }],
    ['KHR', 30_000, { usd: 0, khr: 2900 }],
    ['KHR', 27_099, null],
    ['USD', 660, { usd: 0, khr: 0 }],
    ['USD', 659, null],
    ['USD', 700, { usd: 0, khr: 1600 }],
    ['USD', 760, { usd: 100, khr: 0 }],
    ['USD', 1000, { usd: 300, khr: 1600 }],
    ['USD', 2000, { usd: 1300, khr: 1600 }],
  ] as const)('of %s %i is %o', (currency, received, change) => {
    expect(changeOf({ currency, received }, totals, policy())).toEqual(change)
  })

  it('the riel of the change are rounded as the total is', () => {
    const change = (mode: (typeof modes)[number], granularity: 100 | 1000) =>
      changeOf({ currency: 'USD', received: 1000 }, totals, {
        ...policy(),
        khrRoundingMode: mode,
        khrRoundingGranularity: granularity,
      })
    expect(change('UP', 100)).toEqual({ usd: 300, khr: 1700 })
    expect(change('DOWN', 1000)).toEqual({ usd: 300, khr: 1000 })
    expect(change('UP', 1000)).toEqual({ usd: 300, khr: 2000 })
  })
})

/** The rule of mixed cash as it is written, in whole units and without the code's own helpers. */
function plainMixedChange(
  received: { usd: number; khr: number },
  totalUsd: number,
  values: PolicyValues,
): { usd: number; khr: number } | null {
  const unit = values.khrRoundingEnabled ? values.khrRoundingGranularity : 1
  const mode = values.khrRoundingEnabled ? values.khrRoundingMode : 'NEAREST'
  /** Hundredths of riel into whole units. */
  const inUnits = (hundredths: number, upwards: boolean) => {
    const rest = hundredths % (unit * 100)
    const below = (hundredths - rest) / 100
    if (rest === 0) return below
    if (mode === 'NEAREST') return rest * 2 >= unit * 100 ? below + unit : below
    return upwards ? below + unit : below
  }
  let [dollars, cents] = [0, received.usd - totalUsd]
  if (cents < 0) {
    const due = inUnits(-cents * values.fxRateKhrPerUsd, mode === 'UP')
    return received.khr >= due ? { usd: 0, khr: received.khr - due } : null
  }
  while (cents >= 100) [dollars, cents] = [dollars + 1, cents - 100]
  return {
    usd: dollars * 100,
    khr: received.khr + inUnits(cents * values.fxRateKhrPerUsd, mode === 'DOWN'),
  }
}

describe('dollars and riel together', () => {
  const anyMixed = fc.record({
    totalUsd: fc.nat(20_000),
    usd: fc.nat(30_000),
    khr: fc.nat(500_000),
    values: anyPolicy,
  })

  it('is what a plain reading of the rule gives, to the unit', () => {
    fc.assert(
      fc.property(anyMixed, ({ totalUsd, usd, khr, values }) => {
        const received = { usd, khr }
        expect(mixedChangeOf(received, totalUsd, values)).toEqual(
          plainMixedChange(received, totalUsd, values),
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('UP never gives back more than it is worth, and the shop is never paid less than the total', () => {
    fc.assert(
      fc.property(anyMixed, ({ totalUsd, usd, khr, values }) => {
        const up = { ...values, khrRoundingEnabled: true, khrRoundingMode: 'UP' as const }
        const change = mixedChangeOf({ usd, khr }, totalUsd, up)
        if (!change) return
        const hundredths = (of: { usd: number; khr: number }) => of.usd * up.fxRateKhrPerUsd + of.khr * 100
        const kept = hundredths({ usd, khr }) - hundredths(change)
        expect(kept).toBeGreaterThanOrEqual(totalUsd * up.fxRateKhrPerUsd)
      }),
    )
  })

  it('one currency alone: riel as the first form has them, dollars but for the rounding', () => {
    fc.assert(
      fc.property(anyMixed, ({ totalUsd, usd, khr, values }) => {
        const due = { totalUsd, totalKhr: toRiel(totalUsd, values) }
        const ofRiel = changeOf({ currency: 'KHR', received: khr }, due, values)
        if (totalUsd > 0) expect(mixedChangeOf({ usd: 0, khr }, totalUsd, values)).toEqual(ofRiel)
        if (values.khrRoundingMode !== 'NEAREST' && values.khrRoundingEnabled) return
        const ofDollars = changeOf({ currency: 'USD', received: usd }, due, values)
        if (ofDollars) expect(mixedChangeOf({ usd, khr: 0 }, totalUsd, values)).toEqual(ofDollars)
      }),
    )
  })
})

describe('for all prices, policies and tenders', () => {
  it('totals are whole, and add up', () => {
    fc.assert(
      fc.property(anyLines, anyPolicy, (lines, values) => {
        const totals = totalsOf(lines, values)
        for (const amount of Object.values(totals)) expect(Number.isSafeInteger(amount)).toBe(true)
        expect(totals.totalUsd).toBe(totals.subtotalUsd + totals.vatUsd)
      }),
    )
  })

  it('VAT is within half a cent of subtotal x rate; just half goes up', () => {
    fc.assert(
      fc.property(anyLines, anyPolicy, (lines, values) => {
        const { subtotalUsd, vatUsd } = totalsOf(lines, { ...values, vatEnabled: true })
        const over = vatUsd * 100 - subtotalUsd * values.vatRatePercent
        expect(over).toBeGreaterThan(-50)
        expect(over).toBeLessThanOrEqual(50)
      }),
    )
  })

  it('riel are a multiple of the granularity, on the side and within the distance that the mode says', () => {
    fc.assert(
      fc.property(anyCents, anyPolicy, (cents, values) => {
        const khr = toRiel(cents, values)
        const step = BigInt(values.khrRoundingEnabled ? values.khrRoundingGranularity : 1)
        const mode = values.khrRoundingEnabled ? values.khrRoundingMode : 'NEAREST'
        const over = BigInt(khr) * 100n - BigInt(cents) * BigInt(values.fxRateKhrPerUsd)
        expect(BigInt(khr) % step).toBe(0n)
        if (mode === 'NEAREST') expect(over > -50n * step && over <= 50n * step).toBe(true)
        if (mode === 'UP') expect(over >= 0n && over < 100n * step).toBe(true)
        if (mode === 'DOWN') expect(over <= 0n && over > -100n * step).toBe(true)
      }),
    )
  })

  it('whoever owes more never pays less', () => {
    fc.assert(
      fc.property(anyCents, fc.nat(10_000), anyPolicy, (cents, more, values) => {
        expect(toRiel(cents + more, values)).toBeGreaterThanOrEqual(toRiel(cents, values))
        const total = (unitUsd: number) => totalsOf([{ unitUsd, quantity: 1 }], values).totalUsd
        expect(total(cents + more)).toBeGreaterThanOrEqual(total(cents))
      }),
    )
  })

  it('paid in riel: received = total + change, to the riel', () => {
    fc.assert(
      fc.property(anyLines, anyPolicy, fc.nat(1_000_000), (lines, values, more) => {
        const totals = totalsOf(lines, values)
        const received = totals.totalKhr + more
        expect(changeOf({ currency: 'KHR', received }, totals, values)).toEqual({ usd: 0, khr: more })
      }),
    )
  })

  it('paid in dollars: whole dollars and less than one dollar’s worth of riel; received = total + change within rounding', () => {
    fc.assert(
      fc.property(anyLines, anyPolicy, fc.nat(1_000_000), (lines, values, more) => {
        const totals = totalsOf(lines, values)
        const change = changeOf({ currency: 'USD', received: totals.totalUsd + more }, totals, values)!
        expect(change.usd % 100).toBe(0)
        expect(change.usd).toBe(Math.floor(more / 100) * 100)
        const exact = (more * values.fxRateKhrPerUsd) / 100
        const given = (change.usd * values.fxRateKhrPerUsd) / 100 + change.khr
        const step = values.khrRoundingEnabled ? values.khrRoundingGranularity : 1
        expect(Math.abs(given - exact)).toBeLessThanOrEqual(step)
      }),
    )
  })

  it('more received is never less change', () => {
    fc.assert(
      fc.property(anyPolicy, anyCents, fc.nat(100_000), fc.nat(99), (values, totalUsd, more, cents) => {
        const totals = { totalUsd, totalKhr: toRiel(totalUsd, values) }
        const change = (extra: number) =>
          changeOf({ currency: 'USD', received: totalUsd + extra }, totals, values)!
        expect(change(more + cents).usd).toBeGreaterThanOrEqual(change(more).usd)
        // Within one dollar the riel rise with the cents.
        const dollars = more - (more % 100)
        expect(change(dollars + cents).khr).toBeGreaterThanOrEqual(
          change(dollars + Math.floor(cents / 2)).khr,
        )
      }),
    )
  })

  it('there is change exactly where the cash covers the total', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        anyCents,
        anyCents,
        fc.constantFrom('USD' as const, 'KHR' as const),
        (values, totalUsd, received, currency) => {
          const totals = { totalUsd, totalKhr: toRiel(totalUsd, values) }
          const owed = currency === 'USD' ? totals.totalUsd : totals.totalKhr
          expect(changeOf({ currency, received }, totals, values) === null).toBe(received < owed)
        },
      ),
    )
  })
})
